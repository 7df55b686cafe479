"""PostgreSQL sources only: readings as COPY text that the ledger can take in as it stands.

Of each row only what readiness looks at is read out of the text. A row that is not plain (a value that is no number
or no instant, an escaped character, very long text) is read like any other source's and has no text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

import psycopg

from ap2t.domain.model import KOLOM_ANGKA, KOLOM_BACAAN, KOLOM_WAKTU, Bacaan
from ap2t.source.normal import TEKS_MAKS, ke_bacaan
from ap2t.teks_copy import bacaan_dari_kolom, kumpulkan, nilai_baris, pecah

Terbaca = tuple[Bacaan, bytes | None]
"""A reading, and its COPY text (all of ``KOLOM_BACAAN``, no line end). With a text the reading holds only what
readiness looks at; without one it is whole."""

KOLOM_KUNCI = ("idpel", "unitup", "thblrek", "hari_baca")
KOLOM_KESIAPAN = (
    *KOLOM_KUNCI,
    *("tgl_baca", "sahlwbp"),
    *("verif_pengawas_oleh", "verif_pengawas_pada", "verif_vendor_oleh", "verif_vendor_pada"),
    *("kirim_oleh", "kirim_pada", "diubah_pada"),
)
"""What readiness looks at; the order of ``acmt/baca_kesiapan``."""

_TEKS = frozenset({25, 1042, 1043})  # text, char(n), varchar
_ANGKA = frozenset({20, 21, 23, 1700})  # bigint, smallint, integer, numeric
_WAKTU = frozenset({1184})  # timestamptz
_ambil = itemgetter(*(KOLOM_BACAAN.index(kunci) for kunci in KOLOM_KESIAPAN))


def cocok(conn: psycopg.Connection[Any], jenis: dict[str, int]) -> bool:
    """Tell whether a connection's COPY text is what the ledger takes: UTF-8, UTC, ISO dates, the contract's types.

    :param jenis: type number (OID) of each column of ``v_bacaan``.
    """
    keadaan = {nama: (conn.pgconn.parameter_status(nama.encode()) or b"").decode() for nama in _KEADAAN}
    if not all(keadaan[nama].startswith(nilai) for nama, nilai in _KEADAAN.items()):
        return False
    return all(jenis.get(kunci) in _boleh(kunci) for kunci in KOLOM_BACAAN)


_KEADAAN = {"client_encoding": "UTF8", "server_encoding": "UTF8", "TimeZone": "UTC", "DateStyle": "ISO"}


def _boleh(kolom: str) -> frozenset[int]:
    if kolom in KOLOM_ANGKA:
        return _ANGKA
    return _WAKTU if kolom in KOLOM_WAKTU else _TEKS


def urai(baris: Iterable[bytes | bytearray | memoryview], potong: int) -> Iterator[list[Terbaca]]:
    """Turn COPY text, a row at a time, into chunks of readings with their text."""
    yield from map(_potongan, kumpulkan(baris, potong))


def _potongan(baris: list[bytes]) -> list[Terbaca]:
    if not _aneh(b"".join(baris)) and max(map(len, baris)) <= TEKS_MAKS:
        return _polos(baris)
    aneh = [_aneh(potongan) or len(potongan) > TEKS_MAKS for potongan in baris]
    polos = iter(_polos([potongan for potongan, a in zip(baris, aneh, strict=True) if not a]))
    return [_utuh(potongan) if a else next(polos) for potongan, a in zip(baris, aneh, strict=True)]


def _polos(baris: list[bytes]) -> list[Terbaca]:
    """Read plain rows a column at a time; should one not be plain after all, each in full."""
    try:
        bacaan = bacaan_dari_kolom(KOLOM_KESIAPAN, zip(*map(_ambil, pecah(baris)), strict=True), len(baris))
    except (ValueError, ArithmeticError):
        return [_utuh(potongan) for potongan in baris]
    return list(zip(bacaan, (potongan[:-1] for potongan in baris), strict=True))


def lengkap(bacaan: Terbaca) -> Bacaan:
    """Return all of a reading."""
    bacaan_ini, mentah = bacaan
    return bacaan_ini if mentah is None else utuh(mentah)


def utuh(mentah: bytes) -> Bacaan:
    """Read all of a row from its COPY text (no line end)."""
    return _utuh(mentah + b"\n")[0]


def _aneh(potongan: bytes) -> bool:
    """Tell whether a text may hold a number that is none, an instant that is none, or an escaped character."""
    return b"NaN" in potongan or b"nfinity" in potongan or potongan.count(b"\\") != potongan.count(b"\\N")


def _utuh(potongan: bytes) -> Terbaca:
    """Read one row in full, as any other source's."""
    return ke_bacaan(KOLOM_BACAAN, [nilai_baris(potongan)])[0], None
