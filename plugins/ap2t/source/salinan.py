"""Readings of a PostgreSQL source as COPY text, which the ledger can take in as it stands.

Of each row only what readiness looks at is read out of the text. A row that is not plain (a value that is no number
or no instant, an escaped character, very long text) is read like any other source's and has no text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

import psycopg

from ap2t.domain.model import KOLOM_ANGKA, KOLOM_BACAAN, KOLOM_STEMPEL, KOLOM_WAKTU, Bacaan
from ap2t.source.normal import TEKS_MAKS, ke_bacaan
from ap2t.teks_copy import bacaan_dari_kolom, kumpulkan, nilai_baris, pecah

Terbaca = tuple[Bacaan, bytes | None]
"""A reading, and its COPY text (all of ``KOLOM_BACAAN``, no line end). With a text the reading holds only what
readiness looks at; without one it is whole."""

KOLOM_KESIAPAN = (
    *("idpel", "unitup", "thblrek", "hari_baca", "tgl_baca", "sahlwbp"),
    *KOLOM_STEMPEL,
    "diubah_pada",
)
"""What readiness looks at; the order of ``acmt/baca_kesiapan``."""

_TEKS = frozenset({25, 1042, 1043})  # text, char(n), varchar
_BOLEH = {
    **dict.fromkeys(KOLOM_ANGKA, frozenset({20, 21, 23, 1700})),  # bigint, smallint, integer, numeric
    **dict.fromkeys(KOLOM_WAKTU, frozenset({1184})),  # timestamptz
}
_ambil = itemgetter(*(KOLOM_BACAAN.index(kunci) for kunci in KOLOM_KESIAPAN))


def cocok(conn: psycopg.Connection[Any], jenis: dict[str, int]) -> bool:
    """Tell whether a connection's COPY text is what the ledger takes: UTF-8, UTC, ISO dates, the contract's types.

    :param jenis: type number (OID) of each column of ``v_bacaan``.
    """
    keadaan = {nama: (conn.pgconn.parameter_status(nama.encode()) or b"").decode() for nama in _KEADAAN}
    if not all(keadaan[nama].startswith(nilai) for nama, nilai in _KEADAAN.items()):
        return False
    return all(jenis.get(kunci) in _BOLEH.get(kunci, _TEKS) for kunci in KOLOM_BACAAN)


_KEADAAN = {"client_encoding": "UTF8", "server_encoding": "UTF8", "TimeZone": "UTC", "DateStyle": "ISO"}


def urai(baris: Iterable[bytes | bytearray | memoryview], potong: int) -> Iterator[list[Terbaca]]:
    """Turn COPY text, a row at a time, into chunks of readings with their text."""
    yield from map(_potongan, kumpulkan(baris, potong))


def _potongan(baris: list[bytes]) -> list[Terbaca]:
    if not _aneh(b"".join(baris)) and max(map(len, baris)) <= TEKS_MAKS:
        return _polos(baris)
    khusus = [_aneh(satu) or len(satu) > TEKS_MAKS for satu in baris]
    polos = iter(_polos([satu for satu, aneh in zip(baris, khusus, strict=True) if not aneh]))
    return [_utuh(satu) if aneh else next(polos) for satu, aneh in zip(baris, khusus, strict=True)]


def _polos(baris: list[bytes]) -> list[Terbaca]:
    """Read plain rows a column at a time, or each in full should one not be plain after all."""
    try:
        bacaan = bacaan_dari_kolom(KOLOM_KESIAPAN, zip(*map(_ambil, pecah(baris)), strict=True), len(baris))
    except (ValueError, ArithmeticError):
        return [_utuh(potongan) for potongan in baris]
    return list(zip(bacaan, (potongan[:-1] for potongan in baris), strict=True))


def lengkap(bacaan: Terbaca) -> Bacaan:
    """Return all of a reading."""
    sebagian, mentah = bacaan
    return sebagian if mentah is None else utuh(mentah)


def utuh(mentah: bytes) -> Bacaan:
    """Read all of a row from its COPY text (no line end)."""
    return _utuh(mentah + b"\n")[0]


def _aneh(potongan: bytes) -> bool:
    """Tell whether a text may hold a number that is none, an instant that is none, or an escaped character."""
    return b"NaN" in potongan or b"nfinity" in potongan or potongan.count(b"\\") != potongan.count(b"\\N")


def _utuh(potongan: bytes) -> Terbaca:
    """Read one row in full, as any other source's."""
    return ke_bacaan(KOLOM_BACAAN, [nilai_baris(potongan)])[0], None
