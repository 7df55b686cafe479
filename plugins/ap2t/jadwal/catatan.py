"""What the schedule knows: one row for each kelompok and month that is, or soon will be, due; faults that were told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from ap2t.domain.kalender import Cacat, Kelompok
from ap2t.domain.model import Tempat
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.mesin import ke_json

SIAP, TENGGAT, ORANG = "SIAP", "TENGGAT", "ORANG"
"""Why a kelompok counts as opened: it was ready, its deadline had come, a person had started it."""


class Angka(NamedTuple):
    """How many customers of a kelompok are how far in ACMT."""

    pelanggan: int
    terisi: int
    terverifikasi: int
    terkirim: int


class Catatan(NamedTuple):
    """One row of ``jadwal``; instants UTC, ``jatuh_tempo`` a day in the unit's zone."""

    unitup: str
    thblrek: str
    hari_baca: str
    tgl_mulai: date
    jumlah_hari: int
    jatuh_tempo: date
    tenggat: datetime
    ditengok_pada: datetime | None = None
    pelanggan: int | None = None
    terisi: int | None = None
    terverifikasi: int | None = None
    terkirim: int | None = None
    lewat_sejak: datetime | None = None
    dag_id: str | None = None
    run_id: str | None = None
    sebab: str | None = None
    dibuka_pada: datetime | None = None

    @property
    def tempat(self) -> Tempat:
        """Which kelompok."""
        return Tempat(*self[:3])

    @property
    def kalender(self) -> Kelompok:
        """The dates that were first recorded."""
        return Kelompok(self.thblrek, self.hari_baca, self.tgl_mulai, self.jumlah_hari)


class Niat(NamedTuple):
    """The run that is to be opened, and why."""

    dag_id: str
    run_id: str
    sebab: str


def ambil(tx: Transaksi, thblrek: str, sejak: date, unitup: str | None = None) -> list[Catatan]:
    """Return what is known from a billing month (YYYYMM) on, of one unit or all, most urgent first.

    :param sejak: the first due day from which on also those that are opened are wanted.
    """
    return [Catatan._make(baris) for baris in tx.jalankan("jadwal_ambil", thblrek=thblrek, sejak=sejak, unitup=unitup)]


def bersesi(tx: Transaksi, thblrek: str) -> set[Tempat]:
    """Return the kelompok from a month on that have had a session of approval."""
    return {Tempat._make(baris) for baris in tx.jalankan("jadwal_bersesi", thblrek=thblrek)}


def catat(tx: Transaksi, baris: Iterable[Catatan]) -> None:
    """Add kelompok, and bring up to the calendar what is not open yet."""
    kolom = ("unitup", "thblrek", "hari_baca", "tgl_mulai", "jumlah_hari", "jatuh_tempo", "tenggat")
    isi = [{kunci: getattr(catatan_jatuh, kunci) for kunci in kolom} for catatan_jatuh in baris]
    if isi:
        tx.jalankan("jadwal_catat", isi=ke_json(isi))


def tandai_orang(tx: Transaksi, thblrek: str) -> int:
    """Count kelompok whose session a person began as opened; return how many that were now."""
    return tx.jalankan("jadwal_sudah_ada", thblrek=thblrek).rowcount


def catat_tengok(tx: Transaksi, hasil: Iterable[tuple[Tempat, Angka]], pada: datetime) -> None:
    """Keep what a look counted."""
    isi = [{**kunci._asdict(), **angka._asdict()} for kunci, angka in hasil]
    if isi:
        tx.jalankan("jadwal_ditengok", isi=ke_json(isi), pada=pada)


def catat_lewat(tx: Transaksi, kunci: Tempat, isi: dict[str, Any]) -> bool:
    """Tell once, in the trail, that a kelompok is late and what is missing; return whether it was told now."""
    if tx.jalankan("jadwal_lewat", **kunci._asdict()).one_or_none() is None:
        return False
    tx.jejak.catat("JADWAL_BELUM_SIAP", {**kunci._asdict(), **isi})
    return True


def niatkan(tx: Transaksi, kunci: Tempat, niat: Niat) -> Niat | None:
    """Write down which run is about to be opened, and return it: the one meant first stays.

    None: the kelompok has been opened meanwhile, by the schedule or by a person, or is just being cancelled.
    """
    baris = tx.jalankan("jadwal_niat", **kunci._asdict(), **niat._asdict()).one_or_none()
    return None if baris is None else Niat._make(baris)


def catat_dibuka(tx: Transaksi, kunci: Tempat, niat: Niat) -> bool:
    """Tell once, in the ledger and the trail, that the run is there; return whether it was told now."""
    baris = tx.jalankan("jadwal_dibuka", **kunci._asdict(), run_id=niat.run_id).one_or_none()
    if baris is None:
        return False
    isi = {"run_id": niat.run_id, "dag_id": niat.dag_id, "jatuh_tempo": baris.jatuh_tempo, "sebab": baris.sebab}
    tx.jejak.catat("JADWAL_DIBUKA", {**kunci._asdict(), **isi})
    return True


def catat_cacat(tx: Transaksi, cacat: Sequence[tuple[str, Cacat]]) -> list[tuple[str, Cacat]]:
    """Tell faults (unit and fault) that were not told before, one entry of the trail a unit's month; return them."""
    if not cacat:
        return []
    isi = [{"unitup": unit, **cacat._asdict(), "hari_baca": cacat.hari_baca or ""} for unit, cacat in cacat]
    baru = {tuple(baris) for baris in tx.jalankan("jadwal_cacat_catat", isi=ke_json(isi))}
    ditulis = [
        (unit, cacat)
        for unit, cacat in cacat
        if (unit, cacat.thblrek, str(cacat.kode), cacat.hari_baca or "", cacat.kalimat) in baru
    ]
    per_bulan: dict[tuple[str, str], list[Cacat]] = {}
    for unit, cacat_ini in ditulis:
        per_bulan.setdefault((unit, cacat_ini.thblrek), []).append(cacat_ini)
    for (unitup, thblrek), semua in per_bulan.items():
        daftar = [{"kode": cacat.kode, "hari_baca": cacat.hari_baca, "kalimat": cacat.kalimat} for cacat in semua]
        tx.jejak.catat("KALENDER_CACAT", {"unitup": unitup, "thblrek": thblrek, "cacat": daftar})
    return ditulis
