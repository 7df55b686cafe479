"""What the ledger knows of the schedule: one row a kelompok and month, and the calendar faults that were told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from ap2t.domain.kalender import Cacat, Kelompok
from ap2t.domain.kode import JenisJejak
from ap2t.domain.model import Tempat
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.mesin import ke_json


class AngkaKesiapan(NamedTuple):
    """How many customers of a kelompok are how far in ACMT."""

    pelanggan: int
    terisi: int
    terverifikasi: int
    terkirim: int


class JatuhTempo(NamedTuple):
    """One row of ``jadwal``. Instants are UTC, ``jatuh_tempo`` is a day in the unit's zone."""

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
        return Tempat(self.unitup, self.thblrek, self.hari_baca)

    @property
    def kalender(self) -> Kelompok:
        """The dates that were first recorded."""
        return Kelompok(self.thblrek, self.hari_baca, self.tgl_mulai, self.jumlah_hari)

    @property
    def menurut_kalender(self) -> dict[str, Any]:
        """The columns that come from the calendar. All others come from looks and openings."""
        return {kolom: getattr(self, kolom) for kolom in _KALENDER}


_KALENDER = ("unitup", "thblrek", "hari_baca", "tgl_mulai", "jumlah_hari", "jatuh_tempo", "tenggat")


class Niat(NamedTuple):
    """The run that is to be opened, and why."""

    dag_id: str
    run_id: str
    sebab: str


def baca_jatuh_tempo(tx: Transaksi, thblrek: str, sejak: date, unitup: str | None = None) -> list[JatuhTempo]:
    """Return what is known from a billing month (YYYYMM) on, of one unit or all, most urgent first.

    :param sejak: the first due day from which on also those that are opened are wanted.
    """
    return tx.semua_baris(JatuhTempo, "jadwal_ambil", thblrek=thblrek, sejak=sejak, unitup=unitup)


def catat_lewat(tx: Transaksi, tempat: Tempat, isi: dict[str, Any]) -> bool:
    """Tell once, in the trail, that a kelompok is late and what is missing.

    :return: whether it was told now.
    """
    if tx.jalankan("jadwal_lewat", **tempat._asdict()).one_or_none() is None:
        return False
    tx.jejak.catat(JenisJejak.JADWAL_BELUM_SIAP, {**tempat._asdict(), **isi})
    return True


def catat_dibuka(tx: Transaksi, tempat: Tempat, niat: Niat) -> bool:
    """Tell once, in the ledger and the trail, that the run is there.

    :return: whether it was told now.
    """
    baris = tx.jalankan("jadwal_dibuka", **tempat._asdict(), run_id=niat.run_id).one_or_none()
    if baris is None:
        return False
    isi = {"run_id": niat.run_id, "dag_id": niat.dag_id, "jatuh_tempo": baris.jatuh_tempo, "sebab": baris.sebab}
    tx.jejak.catat(JenisJejak.JADWAL_DIBUKA, {**tempat._asdict(), **isi})
    return True


def catat_cacat(tx: Transaksi, semua: Sequence[tuple[str, Cacat]]) -> list[tuple[str, Cacat]]:
    """Tell faults (unit and fault) that were not told before, and return them.

    The trail gets one entry for each unit's month.
    """
    if not semua:
        return []
    isi = [{"unitup": unitup, **cacat._asdict(), "hari_baca": cacat.hari_baca or ""} for unitup, cacat in semua]
    baru = {tuple(baris) for baris in tx.jalankan("jadwal_cacat_catat", isi=ke_json(isi))}
    ditulis = [
        (unitup, cacat)
        for unitup, cacat in semua
        if (unitup, cacat.thblrek, str(cacat.kode), cacat.hari_baca or "", cacat.kalimat) in baru
    ]
    per_bulan: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for unitup, cacat in ditulis:
        apa = {"kode": cacat.kode, "hari_baca": cacat.hari_baca, "kalimat": cacat.kalimat}
        per_bulan.setdefault((unitup, cacat.thblrek), []).append(apa)
    for (unitup, thblrek), daftar in per_bulan.items():
        tx.jejak.catat(JenisJejak.KALENDER_CACAT, {"unitup": unitup, "thblrek": thblrek, "cacat": daftar})
    return ditulis
