"""Looking without changing anything: where each kelompok of a unit stands, in ACMT, in the ledger and in AP2T."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ap2t.domain.kesiapan import KesiapanKelompok, Tahap
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import ribuan
from ap2t.galat import Ap2tMenolak, MasukanTidakSah
from ap2t.ledger import sesi
from ap2t.proses.layanan import Layanan


class BarisRekap(NamedTuple):
    """One kelompok of a unit in a month: customers by how far they are."""

    unitup: str
    thblrek: str
    hari_baca: str
    pelanggan: int
    terisi: int
    terverifikasi: int
    terkirim: int
    belum_disahkan: int
    sudah_disahkan: int
    suplai_stan: int
    sesi: str


JUDUL = {
    "hari_baca": "Hari baca",
    "thblrek": "Bulan",
    "pelanggan": "Pelanggan",
    "terisi": "Terisi",
    "terverifikasi": "Terverifikasi",
    "terkirim": "Terkirim",
    "belum_disahkan": "Belum disahkan",
    "sudah_disahkan": "Sudah disahkan",
    "suplai_stan": "Suplai stan",
    "sesi": "Sesi terakhir",
}


def rekap_unit(layanan: Layanan, unitup: str, kelompok: Sequence[str], thblrek: str | None = None) -> list[BarisRekap]:
    """Return one row a kelompok; ``thblrek`` empty: each kelompok's current month by the calendar.

    A kelompok without calendar entry is left out.
    """
    unit = layanan.sumber.unit(unitup)
    hari_ini = layanan.sekarang().astimezone(ZoneInfo(unit.zona_waktu)).date()
    petugas = PetugasUnit(unitup, layanan.sumber.petugas(unitup))
    klien = layanan.ap2t_baca()
    hasil: list[BarisRekap] = []
    for kode in kelompok:
        try:
            bulan = thblrek or layanan.sumber.thblrek_berjalan(unitup, kode, hari_ini)
        except MasukanTidakSah:
            continue
        siap = KesiapanKelompok(petugas, layanan.sekarang())
        for bagian in layanan.sumber.baca_kesiapan(unitup, bulan, kode):
            siap.tambah(bagian)
        try:
            a = klien.kelompok(unitup, bulan, kode)
            angka = (a.posting_0, a.posting_1, a.posting_3)
        except Ap2tMenolak:
            angka = (0, 0, 0)
        with layanan.buku.transaksi() as conn:
            akhir = sesi.terakhir(conn, unitup, bulan, kode)
        terisi, verif, kirim = (siap.jumlah_siap(t) for t in Tahap)
        keadaan = f"{akhir.nomor} {akhir.status} ({akhir.tahap})" if akhir else "-"
        hasil.append(BarisRekap(unitup, bulan, kode, siap.total, terisi, verif, kirim, *angka, keadaan))
    return hasil


def teks_rekap_unit(baris: Sequence[BarisRekap]) -> str:
    """Write the rows as a table."""
    import pandas as pd

    isi = [[ribuan(v) if isinstance(v, int) else v for v in (getattr(b, k) for k in JUDUL)] for b in baris]
    tabel = pd.DataFrame(isi, columns=list(JUDUL.values()))
    return str(tabel.to_markdown(index=False, disable_numparse=True))
