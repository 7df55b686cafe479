"""The customers of a unit's month in an SQLite database in memory, from which their list is taken.

A process of its own derives the status of each (``pekerja.py``, by ``lihat/status_pelanggan.py``). Here it is only
kept. Nothing of it touches a disk.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from ap2t.domain.angka import kanonik
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.kata import KATA_STATUS
from ap2t.domain.status import Status
from ap2t.lihat.status_pelanggan import StatusPelanggan
from ap2t.sql import muat

STATUS = tuple(Status)
DLPD = tuple(Dlpd)
_NOMOR_STATUS = {status: nomor for nomor, status in enumerate(STATUS)}
_BIT_DLPD = {dlpd.value: 1 << nomor for nomor, dlpd in enumerate(DLPD)}
_HARFIAH, _LEPAS = re.compile(r"([%_\\])"), r"\\\1"
HITUNGAN_MAKS = 200
"""Counts of one month that are remembered until it changes."""
POTONG = 1000
"""Rows fetched at once where all of them are wanted."""


class PilihanPelanggan(NamedTuple):
    """Which customers are wanted, in which order, which page (from 1).

    ``status``, ``dlpd``: any of these; empty: all. ``jam_min``, ``jam_maks``: hours, both included. ``cari``: part of
    name, idpel or KDDK; capitals A to Z do not count.
    """

    hari_baca: str | None = None
    status: frozenset[Status] = frozenset()
    dlpd: frozenset[Dlpd] = frozenset()
    jam_min: Decimal | None = None
    jam_maks: Decimal | None = None
    cari: str | None = None
    urut: str = "idpel"
    turun: bool = False
    halaman: int = 1
    ukuran: int = 50

    @property
    def saring(self) -> dict[str, Any]:
        """What decides who is wanted, but for the status, as the statements take it."""
        return {
            "hari_baca": self.hari_baca,
            "dlpd": sum(_BIT_DLPD[dlpd] for dlpd in self.dlpd),
            "jam_min": None if self.jam_min is None else float(self.jam_min),
            "jam_maks": None if self.jam_maks is None else float(self.jam_maks),
            "cari": f"%{_HARFIAH.sub(_LEPAS, self.cari)}%" if self.cari else None,
        }

    @property
    def nilai(self) -> dict[str, Any]:
        """All of it, as the statements take it."""
        urut = {"urut": self.urut, "turun": self.turun, "ukuran": self.ukuran}
        status = sum(1 << _NOMOR_STATUS[status] for status in self.status)
        return {**self.saring, **urut, "status": status, "lewati": (self.halaman - 1) * max(self.ukuran, 0)}

    @property
    def pernyataan(self) -> str:
        """Which statement lists them."""
        return "indeks/daftar_urut" if self.urut == "idpel" and not self.turun else "indeks/daftar"


class BarisIndeks(NamedTuple):
    """A row of the index by its columns. ``kunci``: what the list was sorted by, where it was sorted."""

    hari_baca: str
    idpel: str
    nama: str | None
    kddk: str | None
    tarif: str | None
    daya: str | None
    status_no: int
    tahap_no: int
    sebab: str
    dlpd_bit: int
    kwh: str | None
    kwh_n: float | None
    jam_nyala: str | None
    jam_n: float | None
    menurut: str
    sejak: str | None
    sesi: str | None
    catatan: str
    kunci: str | float | None = None


def baru() -> sqlite3.Connection:
    """Return an empty database."""
    conn = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    conn.execute(muat("indeks/buat"))
    return conn


def isi(conn: sqlite3.Connection, semua: Iterable[StatusPelanggan]) -> None:
    """Put customers in."""
    conn.execute("BEGIN")
    conn.executemany(muat("indeks/isi"), (_baris_indeks(pelanggan)._asdict() for pelanggan in semua))
    conn.execute("COMMIT")


def _baris_indeks(pelanggan: StatusPelanggan) -> BarisIndeks:
    bacaan, keadaan = pelanggan.bacaan, pelanggan.keadaan
    return BarisIndeks(
        hari_baca=pelanggan.tempat.hari_baca,
        idpel=pelanggan.idpel,
        nama=bacaan and bacaan.nama,
        kddk=bacaan and bacaan.kddk,
        tarif=bacaan and bacaan.tarif,
        daya=_tepat(bacaan and bacaan.daya),
        status_no=_NOMOR_STATUS[keadaan.status],
        tahap_no=_NOMOR_STATUS[keadaan.tahap],
        sebab=" ".join(keadaan.sebab),
        dlpd_bit=sum(_BIT_DLPD[dlpd] for dlpd in pelanggan.dlpd if dlpd in _BIT_DLPD),
        kwh=_tepat(pelanggan.kwh),
        kwh_n=_kira(pelanggan.kwh),
        jam_nyala=_tepat(pelanggan.jam_nyala),
        jam_n=_kira(pelanggan.jam_nyala),
        menurut=keadaan.menurut.value,
        sejak=keadaan.pada.isoformat() if keadaan.pada else None,
        sesi=keadaan.nomor,
        catatan="\n".join(pelanggan.catatan),
    )


def _tepat(nilai: Decimal | None) -> str | None:
    """A number as exact text."""
    return None if nilai is None else kanonik(nilai)


def _kira(nilai: Decimal | None) -> float | None:
    """The same to sort by, or None where it is no number."""
    return float(nilai) if nilai is not None and nilai.is_finite() else None


_SAMA = ("hari_baca", "idpel", "nama", "kddk", "tarif", "daya", "kwh", "jam_nyala", "menurut", "sejak", "sesi")
"""Columns that are shown as they are kept."""


def terbaca(baris: BarisIndeks) -> dict[str, Any]:
    """Return a row as the page and the files get it. Numbers are exact text."""
    status = STATUS[baris.status_no]
    return {
        **{nama: getattr(baris, nama) for nama in _SAMA},
        "status": status.value,
        "label": KATA_STATUS[status],
        "tahap": STATUS[baris.tahap_no].value,
        "sebab": baris.sebab.split(),
        "dlpd": [dlpd.value for nomor, dlpd in enumerate(DLPD) if baris.dlpd_bit >> nomor & 1],
        "catatan": baris.catatan.split("\n") if baris.catatan else [],
    }


KOLOM = (
    *("hari_baca", "idpel", "nama", "kddk", "tarif", "daya", "status", "tahap", "sebab", "dlpd", "kwh", "jam_nyala"),
    *("menurut", "sejak", "sesi", "catatan"),
)
"""Columns of the files."""


class HalamanPelanggan(NamedTuple):
    """A page of customers. ``jumlah``: how many are wanted. ``per_status``: of each status, whichever is wanted."""

    jumlah: int
    per_status: dict[str, int]
    baris: list[dict[str, Any]]


def semua(conn: sqlite3.Connection, pilihan: PilihanPelanggan) -> Iterator[dict[str, Any]]:
    """Stream every customer that is wanted, whatever page."""
    kursor = conn.execute(muat(pilihan.pernyataan), pilihan._replace(halaman=1, ukuran=-1).nilai)
    kursor.arraysize = POTONG
    for baris in kursor:
        yield terbaca(BarisIndeks(*baris))


class KelompokTerindeks(NamedTuple):
    """What is known of one kelompok in the index: of which version, as of when, how many customers."""

    cap: tuple[Any, ...] | None
    pada: datetime
    jumlah: int


class IndeksBulan:
    """One unit's month. Statements of different months run side by side, for SQLite works outside Python's lock."""

    def __init__(self) -> None:
        self.kelompok: dict[str, KelompokTerindeks] = {}
        self._conn = baru()
        self._conn.execute(muat("indeks/saring"))
        self._kunci = threading.Lock()
        self._hitungan: dict[tuple[Any, ...], dict[str, int]] = {}

    @property
    def jumlah(self) -> int:
        """How many customers it holds."""
        return sum(kelompok.jumlah for kelompok in list(self.kelompok.values()))

    def gabung(self, hari_baca: str, hasil: bytes, kelompok: KelompokTerindeks) -> None:
        """Replace a kelompok by what was worked out anew.

        :param hasil: a database of :func:`baru` as ``serialize`` gave it.
        """
        with self._kunci:
            self._conn.execute("ATTACH ':memory:' AS baru")
            try:
                self._conn.deserialize(hasil, name="baru")
                self._conn.execute("BEGIN")
                self._conn.execute(muat("indeks/lepas"), {"hari_baca": hari_baca})
                self._conn.execute(muat("indeks/gabung"))
                self._conn.execute("COMMIT")
            finally:
                if self._conn.in_transaction:
                    self._conn.execute("ROLLBACK")
                self._conn.execute("DETACH baru")
            self.kelompok = {**self.kelompok, hari_baca: kelompok}
            self._hitungan.clear()

    def daftar(self, pilihan: PilihanPelanggan) -> HalamanPelanggan:
        """Return a page."""
        with self._kunci:
            per = self._hitung(pilihan)
            semua = self._conn.execute(muat(pilihan.pernyataan), pilihan.nilai).fetchall()
        jumlah = sum(jumlah for status, jumlah in per.items() if not pilihan.status or status in pilihan.status)
        return HalamanPelanggan(jumlah, per, [terbaca(BarisIndeks(*baris)) for baris in semua])

    def _hitung(self, pilihan: PilihanPelanggan) -> dict[str, int]:
        saring = pilihan.saring
        kunci = tuple(saring.values())
        if kunci not in self._hitungan:
            nama = "indeks/hitung_cari" if pilihan.cari else "indeks/hitung"
            hasil = self._conn.execute(muat(nama), saring)
            if len(self._hitungan) >= HITUNGAN_MAKS:
                self._hitungan.clear()
            self._hitungan[kunci] = {STATUS[nomor].value: jumlah for nomor, jumlah in hasil}
        return self._hitungan[kunci]

    def salinan(self) -> bytes:
        """Return a copy of all of it, for a process that writes a file."""
        with self._kunci:
            return self._conn.serialize()

    def lepas(self) -> None:
        """Let go of the memory."""
        with self._kunci:
            self._conn.close()
