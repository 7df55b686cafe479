"""Step 2: is the kelompok ready? One look at ACMT, or at AP2T's fungsi 2."""

from __future__ import annotations

from typing import NamedTuple

from ap2t.domain.kesiapan import KesiapanKelompok, Tahap
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import ribuan
from ap2t.galat import Ap2tMenolak, MasukanTidakSah
from ap2t.proses.layanan import Layanan

FUNGSI2 = "FUNGSI2_TERBUKA"


class Tengok(NamedTuple):
    """One look: whether it holds, and a sentence with counts and the first idpel that are missing."""

    siap: bool
    kalimat: str


def tengok_acmt(layanan: Layanan, unitup: str, thblrek: str, hari_baca: str, pola: str, tahap: Tahap) -> Tengok:
    """Look whether every row (LENGKAP), or any row (BERTAHAP), has reached a stage."""
    petugas = PetugasUnit(unitup, layanan.sumber.petugas(unitup))
    kelompok = KesiapanKelompok(petugas, layanan.sekarang())
    for bagian in layanan.sumber.baca_kesiapan(unitup, thblrek, hari_baca):
        kelompok.tambah(bagian)
    kalimat = kelompok.ringkas(tahap)
    if pola == "BERTAHAP":
        siap = kelompok.siap_semua > 0 if tahap is Tahap.TERKIRIM else kelompok.jumlah_siap(tahap) > 0
        kalimat += f" Pola BERTAHAP: {ribuan(kelompok.siap_semua)} pelanggan siap disahkan sekarang."
        return Tengok(siap, kalimat)
    return Tengok(kelompok.siap(tahap), kalimat)


def tengok_fungsi2(layanan: Layanan, unitup: str, thblrek: str, hari_baca: str) -> Tengok:
    """Look whether AP2T's fungsi 2 is open for the kelompok.

    :raises MasukanTidakSah: AP2T does not know the kelompok.
    """
    try:
        k = layanan.ap2t_baca().kelompok(unitup, thblrek, hari_baca)
    except Ap2tMenolak as e:
        if e.status != 404:
            raise
        raise MasukanTidakSah(
            f"AP2T tidak mengenal kelompok {hari_baca} unit {unitup} bulan {thblrek}. Periksa apakah datanya sudah "
            "dikirim dari ACMT ke AP2T, atau apakah kode kelompoknya sama di keduanya."
        ) from None
    angka = f"posting 0: {ribuan(k.posting_0)}, posting 1: {ribuan(k.posting_1)}, posting 3: {ribuan(k.posting_3)}"
    if k.terbuka:
        return Tengok(True, f"Fungsi 2 AP2T terbuka ({angka}).")
    return Tengok(
        False, f"Fungsi 2 AP2T tertutup untuk kelompok ini ({angka}). Tunggu dibuka, atau hubungi pengelola AP2T."
    )


def tengok(layanan: Layanan, unitup: str, thblrek: str, hari_baca: str, pola: str, apa: str) -> Tengok:
    """One look at a stage by name: a :class:`Tahap` or ``FUNGSI2_TERBUKA``."""
    if apa == FUNGSI2:
        return tengok_fungsi2(layanan, unitup, thblrek, hari_baca)
    return tengok_acmt(layanan, unitup, thblrek, hari_baca, pola, Tahap(apa))
