"""Step 2: is the kelompok ready? One look at ACMT, or at AP2T's fungsi 2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import asdict

from ap2t import jam
from ap2t.domain.kesiapan import KesiapanKelompok, Tahap
from ap2t.domain.kode import BentukPola, JenisJejak
from ap2t.domain.model import Tempat
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import ribuan
from ap2t.galat import Ap2tMenolak, MasukanTidakSah
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.sesi import Sesi
from ap2t.proses.layanan import Layanan

FUNGSI2 = "FUNGSI2_TERBUKA"


class Tengok(NamedTuple):
    """One look: whether the stage holds, a sentence for the log, and what it says as values.

    ``kurang``: the first idpel that are missing.
    """

    siap: bool
    kalimat: str
    angka: Mapping[str, int]
    kurang: tuple[str, ...] = ()


def hitung_acmt(layanan: Layanan, tempat: Tempat, pilihan: Sequence[str] | None = None) -> KesiapanKelompok:
    """Judge every row of a kelompok as ACMT has it now.

    A stage is complete only if the rows that were read are all that the view holds.

    :raises SumberTidakSesuai: the view holds more rows than reading by key finds.
    :raises SumberBerubah: rows came or went meanwhile.
    """
    petugas = PetugasUnit(tempat.unitup, layanan.sumber.petugas(tempat.unitup))
    kelompok = KesiapanKelompok(petugas, jam.sekarang())
    for bagian in layanan.sumber.baca_kesiapan(tempat, pilihan=pilihan):
        kelompok.hitung(bagian)
    if any(map(kelompok.siap, Tahap)):
        layanan.sumber.pastikan_semua(tempat, kelompok.total)
    return kelompok


def _tengok_acmt(layanan: Layanan, tempat: Tempat, pola: str, pilihan: Sequence[str] | None) -> dict[str, Tengok]:
    """Look whether every row (LENGKAP), or any row (BERTAHAP), has reached each stage."""
    kelompok = hitung_acmt(layanan, tempat, pilihan)
    hasil: dict[str, Tengok] = {}
    for tahap in Tahap:
        siap, kalimat = kelompok.siap(tahap), kelompok.ringkas(tahap)
        angka = {"pelanggan": kelompok.total, "sudah": kelompok.jumlah_siap(tahap), "siap_penuh": kelompok.siap_semua}
        if pola == BentukPola.BERTAHAP:
            siap = (kelompok.siap_semua if tahap is Tahap.TERKIRIM else kelompok.jumlah_siap(tahap)) > 0
            kalimat += f" Pola BERTAHAP: {ribuan(kelompok.siap_semua)} pelanggan siap disahkan sekarang."
        hasil[tahap] = Tengok(siap, kalimat, angka, tuple(bacaan.idpel for bacaan in kelompok.contoh[tahap]))
    return hasil


def _tengok_fungsi2(layanan: Layanan, tempat: Tempat) -> Tengok:
    """Look whether AP2T's fungsi 2 is open for the kelompok, which AP2T has to know.

    :raises MasukanTidakSah: AP2T does not know the kelompok.
    """
    try:
        kelompok = layanan.ap2t_baca().kelompok(*tempat)
    except Ap2tMenolak as galat:
        if galat.status != 404:
            raise
        raise MasukanTidakSah(
            f"AP2T tidak mengenal {tempat}. Periksa apakah datanya sudah dikirim dari ACMT ke AP2T, atau apakah kode "
            "kelompoknya sama di keduanya."
        ) from None
    angka = asdict(kelompok.jumlah)
    kata = ", ".join(f"{nama.replace('_', ' ')}: {ribuan(jumlah)}" for nama, jumlah in angka.items())
    if kelompok.terbuka:
        return Tengok(True, f"Fungsi 2 AP2T terbuka ({kata}).", angka)
    kalimat = f"Fungsi 2 AP2T tertutup untuk kelompok ini ({kata}). Tunggu dibuka, atau hubungi pengelola AP2T."
    return Tengok(False, kalimat, angka)


def tengok(layanan: Layanan, tempat: Tempat, pola: str, apa: str, pilihan: Sequence[str] | None = None) -> Tengok:
    """Look at a stage by its name: a :class:`Tahap` or ``FUNGSI2_TERBUKA``.

    :param pilihan: the columns beside the contract that the session reads.
    """
    if apa == FUNGSI2:
        return _tengok_fungsi2(layanan, tempat)
    return _tengok_acmt(layanan, tempat, pola, pilihan)[Tahap(apa)]


def tengok_sesi(layanan: Layanan, sesi: Sesi, apa: str) -> Tengok:
    """Look at a stage for a session, and write it into the trail.

    One look at ACMT tells of all its stages. Where all hold, all are written down, and whichever is asked for within
    the minute is not looked at again. The rows are judged once more when they are read.
    """
    if apa == FUNGSI2:
        semua = {apa: _tengok_fungsi2(layanan, sesi.tempat)}
    else:
        with layanan.buku.transaksi() as tx:
            if tx.jalankan("kesiapan_barusan", sesi_id=sesi.id, tahap=apa).scalar():
                return Tengok(True, "Tahap ini sudah siap ketika ditengok kurang dari semenit yang lalu.", {})
        semua = _tengok_acmt(layanan, sesi.tempat, sesi.pola, list(sesi.aturan.ketentuan.pilihan))
    dicatat = semua if all(hasil.siap for hasil in semua.values()) else {apa: semua[apa]}
    for nama, hasil in dicatat.items():
        catat_tengok(layanan, sesi.nomor, nama, hasil)
    return semua[apa]


def catat_tengok(layanan: Layanan, nomor: str, apa: str, hasil: Tengok) -> bool:
    """Write a look into the trail, and return True, unless the session's last look at this stage saw the same.

    So a wait of days leaves one entry for each change, not one for each look.
    """

    def catat_bila_beda(tx: Transaksi) -> bool:
        sesi = tx.sesi.bernomor(nomor)
        if sesi is None or not sesi.terbuka:
            return False
        isi = {"siap": hasil.siap, "angka": dict(hasil.angka), "kurang": list(hasil.kurang)}
        return tx.jejak.catat_bila_beda(JenisJejak.KESIAPAN, {"tahap": apa}, isi, sesi_id=sesi.id)

    return layanan.buku.ulang(catat_bila_beda)
