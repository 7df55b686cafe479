"""The customers of a unit's month in an SQLite database in memory: what their list is searched, sorted and cut from.

The status of each is derived where it always is (``lihat/status_pelanggan.py``), by a process of its own
(``pekerja.py``); here it is only kept. Nothing of it touches a disk.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from ap2t.domain.angka import kanonik
from ap2t.domain.kata import KATA_STATUS
from ap2t.domain.model import Dlpd
from ap2t.domain.status import Status
from ap2t.lihat.status_pelanggan import StatusPelanggan
from ap2t.sql import muat

STATUS = tuple(Status)
DLPD = tuple(Dlpd)
_NO = {status: nomor for nomor, status in enumerate(STATUS)}
_BIT = {dlpd.value: 1 << nomor for nomor, dlpd in enumerate(DLPD)}
_HARFIAH, _LEPAS = re.compile(r"([%_\\])"), r"\\\1"
HITUNGAN_MAKS = 200
"""Counts of one month that are remembered until it changes."""
POTONG = 1000
"""Rows fetched at once where all of them are wanted."""


class Pilihan(NamedTuple):
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
            "dlpd": sum(_BIT[dlpd] for dlpd in self.dlpd),
            "jam_min": None if self.jam_min is None else float(self.jam_min),
            "jam_maks": None if self.jam_maks is None else float(self.jam_maks),
            "cari": f"%{_HARFIAH.sub(_LEPAS, self.cari)}%" if self.cari else None,
        }

    @property
    def nilai(self) -> dict[str, Any]:
        """All of it, as the statements take it."""
        urut = {"urut": self.urut, "turun": self.turun, "ukuran": self.ukuran}
        status = sum(1 << _NO[status] for status in self.status)
        return {**self.saring, **urut, "status": status, "lewati": (self.halaman - 1) * max(self.ukuran, 0)}

    @property
    def pernyataan(self) -> str:
        """Which statement lists them."""
        return "indeks/daftar_urut" if self.urut == "idpel" and not self.turun else "indeks/daftar"


def baru() -> sqlite3.Connection:
    """Return an empty database."""
    conn = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    conn.execute(muat("indeks/buat"))
    return conn


def isi(conn: sqlite3.Connection, semua: Iterable[StatusPelanggan]) -> None:
    """Put customers in."""
    conn.execute("BEGIN")
    conn.executemany(muat("indeks/isi"), map(_baris, semua))
    conn.execute("COMMIT")


def _baris(pelanggan: StatusPelanggan) -> tuple[Any, ...]:
    bacaan, keadaan = pelanggan.bacaan, pelanggan.keadaan
    return (
        pelanggan.tempat.hari_baca,
        pelanggan.idpel,
        bacaan.nama if bacaan else None,
        bacaan.kddk if bacaan else None,
        bacaan.tarif if bacaan else None,
        kanonik(bacaan.daya) if bacaan and bacaan.daya is not None else None,
        _NO[keadaan.status],
        _NO[keadaan.tahap],
        " ".join(keadaan.sebab),
        sum(_BIT[d] for d in pelanggan.dlpd if d in _BIT),
        *_angka(pelanggan.kwh),
        *_angka(pelanggan.jam_nyala),
        keadaan.menurut.value,
        keadaan.pada.isoformat() if keadaan.pada else None,
        keadaan.nomor,
        "\n".join(pelanggan.catatan),
    )


def _angka(nilai: Decimal | None) -> tuple[str | None, float | None]:
    return (None, None) if nilai is None else (kanonik(nilai), float(nilai) if nilai.is_finite() else None)


def terbaca(baris: Sequence[Any]) -> dict[str, Any]:
    """Return a row of the statements as the page and the files get it; numbers are exact text."""
    status, tahap = STATUS[baris[6]], STATUS[baris[7]]
    return {
        "idpel": baris[0],
        "nama": baris[1],
        "kddk": baris[2],
        "tarif": baris[3],
        "daya": baris[4],
        "hari_baca": baris[5],
        "status": status.value,
        "label": KATA_STATUS[status],
        "tahap": tahap.value,
        "sebab": baris[8].split(),
        "dlpd": [dlpd.value for nomor, dlpd in enumerate(DLPD) if baris[9] >> nomor & 1],
        "kwh": baris[10],
        "jam_nyala": baris[11],
        "menurut": baris[12],
        "sejak": baris[13],
        "sesi": baris[14],
        "catatan": baris[15].split("\n") if baris[15] else [],
    }


KOLOM = (
    *("hari_baca", "idpel", "nama", "kddk", "tarif", "daya", "status", "tahap", "sebab", "dlpd", "kwh", "jam_nyala"),
    *("menurut", "sejak", "sesi", "catatan"),
)
"""Columns of the files."""


class Daftar(NamedTuple):
    """A page of customers. ``jumlah``: how many are wanted. ``per_status``: of each status, whichever is wanted."""

    jumlah: int
    per_status: dict[str, int]
    baris: list[dict[str, Any]]


def semua(conn: sqlite3.Connection, pilihan: Pilihan) -> Iterator[dict[str, Any]]:
    """Stream every customer that is wanted, whatever page."""
    kursor = conn.execute(muat(pilihan.pernyataan), pilihan._replace(halaman=1, ukuran=-1).nilai)
    kursor.arraysize = POTONG
    for baris in kursor:
        yield terbaca(baris)


class Kelompok(NamedTuple):
    """What is known of one kelompok in the index: of which version, as of when, how many customers."""

    cap: tuple[Any, ...] | None
    pada: datetime
    jumlah: int


class IndeksBulan:
    """One unit's month. Statements of different months run side by side; SQLite works outside Python's lock."""

    def __init__(self) -> None:
        self.kelompok: dict[str, Kelompok] = {}
        self._conn = baru()
        self._conn.execute(muat("indeks/saring"))
        self._kunci = threading.Lock()
        self._hitungan: dict[tuple[Any, ...], dict[str, int]] = {}

    @property
    def jumlah(self) -> int:
        """How many customers it holds."""
        return sum(kelompok.jumlah for kelompok in list(self.kelompok.values()))

    def gabung(self, hari_baca: str, hasil: bytes, kelompok: Kelompok) -> None:
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

    def daftar(self, pilihan: Pilihan) -> Daftar:
        """Return a page."""
        with self._kunci:
            per = self._hitung(pilihan)
            baris = self._conn.execute(muat(pilihan.pernyataan), pilihan.nilai).fetchall()
        jumlah = sum(jumlah for teks, jumlah in per.items() if not pilihan.status or teks in pilihan.status)
        return Daftar(jumlah, per, [terbaca(baris) for baris in baris])

    def _hitung(self, pilihan: Pilihan) -> dict[str, int]:
        saring = pilihan.saring
        kunci = tuple(saring.values())
        if kunci not in self._hitungan:
            nama = "indeks/hitung_cari" if pilihan.cari else "indeks/hitung"
            hasil = self._conn.execute(muat(nama), saring)
            if len(self._hitungan) >= HITUNGAN_MAKS:
                self._hitungan.clear()
            self._hitungan[kunci] = {STATUS[nilai].value: jumlah for nilai, jumlah in hasil}
        return self._hitungan[kunci]

    def salinan(self) -> bytes:
        """Return a copy of all of it, for a process that writes a file."""
        with self._kunci:
            return self._conn.serialize()

    def tutup(self) -> None:
        """Let go of the memory."""
        with self._kunci, closing(self._conn):
            pass
