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
from ap2t.domain.model import Dlpd
from ap2t.domain.status import LABEL, Status
from ap2t.lihat.status_pelanggan import StatusPelanggan
from ap2t.sql import muat

STATUS = tuple(Status)
DLPD = tuple(Dlpd)
_NO = {s: n for n, s in enumerate(STATUS)}
_BIT = {d.value: 1 << n for n, d in enumerate(DLPD)}
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
            "dlpd": sum(_BIT[d] for d in self.dlpd),
            "jam_min": None if self.jam_min is None else float(self.jam_min),
            "jam_maks": None if self.jam_maks is None else float(self.jam_maks),
            "cari": f"%{_HARFIAH.sub(_LEPAS, self.cari)}%" if self.cari else None,
        }

    @property
    def nilai(self) -> dict[str, Any]:
        """All of it, as the statements take it."""
        urut = {"urut": self.urut, "turun": self.turun, "ukuran": self.ukuran}
        status = sum(1 << _NO[s] for s in self.status)
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


def _baris(s: StatusPelanggan) -> tuple[Any, ...]:
    b, k = s.bacaan, s.keadaan
    return (
        s.tempat.hari_baca,
        s.idpel,
        b.nama if b else None,
        b.kddk if b else None,
        b.tarif if b else None,
        kanonik(b.daya) if b and b.daya is not None else None,
        _NO[k.status],
        _NO[k.tahap],
        " ".join(k.sebab),
        sum(_BIT[d] for d in s.dlpd if d in _BIT),
        *_angka(s.kwh),
        *_angka(s.jam_nyala),
        k.menurut.value,
        k.pada.isoformat() if k.pada else None,
        k.nomor,
        "\n".join(s.catatan),
    )


def _angka(n: Decimal | None) -> tuple[str | None, float | None]:
    return (None, None) if n is None else (kanonik(n), float(n) if n.is_finite() else None)


def terbaca(b: Sequence[Any]) -> dict[str, Any]:
    """Return a row of the statements as the page and the files get it; numbers are exact text."""
    status, tahap = STATUS[b[6]], STATUS[b[7]]
    return {
        "idpel": b[0],
        "nama": b[1],
        "kddk": b[2],
        "tarif": b[3],
        "daya": b[4],
        "hari_baca": b[5],
        "status": status.value,
        "label": LABEL[status],
        "tahap": tahap.value,
        "sebab": b[8].split(),
        "dlpd": [d.value for n, d in enumerate(DLPD) if b[9] >> n & 1],
        "kwh": b[10],
        "jam_nyala": b[11],
        "menurut": b[12],
        "sejak": b[13],
        "sesi": b[14],
        "catatan": b[15].split("\n") if b[15] else [],
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


def semua(conn: sqlite3.Connection, p: Pilihan) -> Iterator[dict[str, Any]]:
    """Stream every customer that is wanted, whatever page."""
    kursor = conn.execute(muat(p.pernyataan), p._replace(halaman=1, ukuran=-1).nilai)
    kursor.arraysize = POTONG
    for b in kursor:
        yield terbaca(b)


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
        return sum(k.jumlah for k in list(self.kelompok.values()))

    def gabung(self, hari_baca: str, hasil: bytes, k: Kelompok) -> None:
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
            self.kelompok = {**self.kelompok, hari_baca: k}
            self._hitungan.clear()

    def daftar(self, p: Pilihan) -> Daftar:
        """Return a page."""
        with self._kunci:
            per = self._hitung(p)
            baris = self._conn.execute(muat(p.pernyataan), p.nilai).fetchall()
        jumlah = sum(j for s, j in per.items() if not p.status or s in p.status)
        return Daftar(jumlah, per, [terbaca(b) for b in baris])

    def _hitung(self, p: Pilihan) -> dict[str, int]:
        saring = p.saring
        kunci = tuple(saring.values())
        if kunci not in self._hitungan:
            nama = "indeks/hitung_cari" if p.cari else "indeks/hitung"
            hasil = self._conn.execute(muat(nama), saring)
            if len(self._hitungan) >= HITUNGAN_MAKS:
                self._hitungan.clear()
            self._hitungan[kunci] = {STATUS[n].value: jumlah for n, jumlah in hasil}
        return self._hitungan[kunci]

    def salinan(self) -> bytes:
        """Return a copy of all of it, for a process that writes a file."""
        with self._kunci:
            return self._conn.serialize()

    def tutup(self) -> None:
        """Let go of the memory."""
        with self._kunci, closing(self._conn):
            pass
