"""Applies the units' configuration: checks it by its rules, and against ACMT where that answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine

from ap2t import koneksi
from ap2t.domain.konfigurasi import Konfigurasi, Naskah, baca, isi_pola, kanonik, susun, tulis
from ap2t.domain.kontrak import periksa_unitup
from ap2t.domain.model import Peran, WajibDilihat
from ap2t.domain.pola import ALASAN_MIN, BAWAAN, samakan
from ap2t.domain.teks import daftar
from ap2t.galat import GalatPengesahan, KoneksiTidakSah, KonfigurasiTidakSah, MasukanTidakSah, SumberTidakTerjangkau
from ap2t.ledger.buku import Buku, Transaksi
from ap2t.ledger.konfigurasi import Versi
from ap2t.proses.layanan import Lapor, Layanan


def periksa_naskah(layanan: Layanan, teks: str, lapor: Lapor) -> Naskah:
    """Check a document by its rules and, if ACMT answers, against its units and people.

    :raises KonfigurasiTidakSah: naming every fault with its line.
    """
    sumber = _Sumber(layanan)
    naskah = susun(teks, sumber.zona)
    for kode, pesan in sumber.salah.items():
        naskah.bertanda.salahkan(("unit", kode), pesan, di_kunci=True)
    for kode, pola in naskah.konfigurasi.unit.items():
        for jalur, nama in pola.orang.items():
            peran = sumber.peran_lain(kode, nama)
            if peran:
                naskah.bertanda.salahkan(
                    ("unit", kode, *jalur),
                    f"{nama} memegang {', '.join(peran)} di unit {kode}; yang membaca, memverifikasi atau mengirim "
                    "tidak mengesahkan. Sebut orang lain",
                )
    naskah.pastikan()
    _sebut_tanpa_tanda(naskah.konfigurasi, lapor)
    if sumber.sebab_diam:
        lapor(f"PERHATIAN: kode unit dan orang tidak dicocokkan dengan ACMT. {sumber.sebab_diam}")
    return naskah


def _sebut_tanpa_tanda(konfigurasi: Konfigurasi, lapor: Lapor) -> None:
    """Tell whose pattern asks for marks that the page has no connection to write with, as far as is seen here."""
    semua = {"bawaan": konfigurasi.bawaan, **konfigurasi.unit}
    meminta = [kode for kode, pola in semua.items() if pola.wajib_dilihat != WajibDilihat.TIDAK]
    if meminta and not koneksi.ada(koneksi.BUKU_HALAMAN):
        lapor(
            f"PERHATIAN: wajib_dilihat ({daftar(meminta)}) tidak dapat dipenuhi bila api-server tidak punya koneksi "
            f"{koneksi.BUKU_HALAMAN}: yang dilihat tidak dapat ditandai, dan Sah/Setuju tidak diterima. Di sini "
            "koneksi itu tidak diisi; pastikan di sana ia ada sebelum pola ini diterapkan."
        )


class _Sumber:
    """ACMT as far as it answers: after the first silence it is not asked again."""

    def __init__(self, layanan: Layanan) -> None:
        self._layanan = layanan
        self.sebab_diam = ""
        self.salah: dict[str, str] = {}

    def zona(self, kode: str) -> str | None:
        """Return a unit's zone. What is wrong with the unit is kept in ``salah``."""
        if self.sebab_diam:
            return None
        try:
            return self._layanan.sumber.unit(kode).zona_waktu
        except (SumberTidakTerjangkau, KoneksiTidakSah) as galat:
            self.sebab_diam = str(galat)
        except MasukanTidakSah:
            self.salah[kode] = f"unit {kode} tidak ada di ACMT (v_unit)"
        except GalatPengesahan as galat:
            self.salah[kode] = str(galat).rstrip(".")
        return None

    def peran_lain(self, kode: str, nama: str) -> list[str]:
        """Return the roles other than ADMIN_CMT that a person holds in the unit now."""
        if self.sebab_diam or kode in self.salah:
            return []
        try:
            petugas = self._layanan.sumber.petugas(kode)
        except SumberTidakTerjangkau as galat:
            self.sebab_diam = str(galat)
            return []
        milik = {orang.peran for orang in petugas if orang.aktif and samakan(orang.username) == samakan(nama)}
        return sorted(milik - {Peran.ADMIN_CMT})


def terapkan(layanan: Layanan, pemilik: Engine, teks: str, oleh: str, alasan: str, lapor: Lapor) -> Versi | None:
    """Apply a document as a whole, unless it says what is in force already.

    :param pemilik: the ledger's owner's engine: the application's role may not write this.
    :return: the new version, or None.
    :raises KonfigurasiTidakSah: the document is refused; nothing changes.
    :raises MasukanTidakSah: the reason is too short.
    """
    alasan = pastikan_alasan(alasan)
    naskah = periksa_naskah(layanan, teks, lapor)
    with _sebagai_pemilik(pemilik) as tx:
        return tx.konfigurasi.terapkan(teks, kanonik(naskah.konfigurasi), oleh, alasan)


def atur(layanan: Layanan, pemilik: Engine, unitup: str, ubah: dict[str, Any], oleh: str, alasan: str) -> Versi | None:
    """Change some keys of one unit's pattern, by a new version of the whole document.

    :param ubah: keys of the pattern with values as the document has them (numbers as text).
    :raises MasukanTidakSah: a value is not allowed, the unit is not known, or the reason is too short.
    """
    alasan = pastikan_alasan(alasan)
    layanan.sumber.unit(periksa_unitup(unitup))
    with _sebagai_pemilik(pemilik) as tx:
        tx.jalankan("konfigurasi_kunci")
        lama = tx.konfigurasi.ambil()
        isi = lama.isi if lama else {"bawaan": isi_pola(BAWAAN), "unit": {}}
        pola = {**(isi["unit"].get(unitup) or isi["bawaan"]), **ubah}
        baru = {**isi, "unit": {**isi["unit"], unitup: pola}}
        teks = f"# Disusun `ap2t pola atur` dari versi {lama.versi if lama else 0}.\n{tulis(baru)}"
        try:
            naskah = baca(teks)
        except KonfigurasiTidakSah as galat:
            raise MasukanTidakSah(f"Unit {unitup}: {'; '.join(apa for _, _, apa in galat.kesalahan)}.") from None
        return tx.konfigurasi.terapkan(teks, kanonik(naskah.konfigurasi), oleh, alasan)


def pastikan_alasan(alasan: str) -> str:
    """Return the reason of what only the ledger's owner does, without blanks around it.

    :raises MasukanTidakSah: it is too short.
    """
    if len(alasan.strip()) < ALASAN_MIN:
        raise MasukanTidakSah(f"Alasan paling sedikit {ALASAN_MIN} huruf; ia dibaca auditor. Ulangi dengan --alasan.")
    return alasan.strip()


@contextmanager
def _sebagai_pemilik(pemilik: Engine) -> Iterator[Transaksi]:
    buku = Buku(pemilik)
    try:
        with buku.transaksi() as tx:
            yield tx
    finally:
        buku.tutup()
