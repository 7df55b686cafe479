"""From what a database driver gives to the facts the rules work on: column by column, cheaply.

A whole chunk is turned into columns; a column whose values already have the right type is passed on as it is,
and only the others are converted value by value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import partial
from itertools import repeat
from operator import attrgetter
from typing import Any

from ap2t.domain.angka import ke_desimal
from ap2t.domain.model import KOLOM_ANGKA, KOLOM_BACAAN, KOLOM_WAKTU, Bacaan

_NIHIL = type(None)
_DESIMAL = frozenset({Decimal, _NIHIL})
_BULAT = frozenset({int, _NIHIL})
_WAKTU = frozenset({datetime, _NIHIL})
_TEKS = frozenset({str, _NIHIL})
_zona = attrgetter("tzinfo")
_ANGKA = frozenset(KOLOM_ANGKA)
_SAAT = frozenset(KOLOM_WAKTU)
buat_bacaan: Callable[[tuple[Any, ...]], Bacaan] = partial(tuple.__new__, Bacaan)
"""A reading from all its values in order, unchecked."""

Cacat = dict[int, dict[str, str]]
"""By row number within the chunk: the raw text of each value that could not be read."""


def ke_bacaan(kolom: Sequence[str], baris: Sequence[Sequence[Any]]) -> list[Bacaan]:
    """Turn rows of the given columns into readings; columns of ``Bacaan`` that are not given are None.

    :raises ValueError: when a key column (idpel, unitup, thblrek, hari_baca) is empty in some row.
    """
    if not baris:
        return []
    cacat: Cacat = {}
    isi = {nama: _kolom(nama, nilai, cacat) for nama, nilai in zip(kolom, zip(*baris, strict=True), strict=True)}
    for kunci in ("idpel", "unitup", "thblrek", "hari_baca"):
        if None in isi[kunci]:
            raise ValueError(kunci)
    n = len(baris)
    urut = [isi[nama] if nama in isi else repeat(None, n) for nama in KOLOM_BACAAN]
    ragu = map(cacat.get, range(n)) if cacat else repeat(None, n)
    return list(map(buat_bacaan, zip(*urut, ragu, strict=True)))


def teks(nilai: object) -> str | None:
    """Return text without the padding of CHAR; blank text is None, as in Oracle."""
    return None if nilai is None else str(nilai).strip() or None


def saat(nilai: object) -> tuple[datetime | None, str | None]:
    """Read an instant as an aware UTC ``datetime``.

    A naive value is UTC by agreement with the source. A date is its midnight.

    :return: ``(instant, None)``, ``(None, None)`` for nothing, or ``(None, raw text)``.
    """
    if isinstance(nilai, str):
        return _saat_teks(nilai)
    if nilai is None:
        return None, None
    if isinstance(nilai, datetime):
        try:
            return (nilai.replace(tzinfo=UTC) if nilai.tzinfo is None else nilai.astimezone(UTC)), None
        except OverflowError:
            return None, str(nilai)
    if isinstance(nilai, date):
        return datetime.combine(nilai, time(), UTC), None
    return None, str(nilai)


def _saat_teks(mentah: str) -> tuple[datetime | None, str | None]:
    bersih = mentah.strip()
    if not bersih:
        return None, None
    try:
        instan, _ = saat(datetime.fromisoformat(bersih))
    except ValueError:
        return None, mentah
    return (instan, None) if instan else (None, mentah)


def tanggal(nilai: object) -> date | None:
    """Read a calendar day; None when there is none.

    :raises ValueError: for text that is not an ISO date.
    """
    if isinstance(nilai, datetime):
        return nilai.date()
    if isinstance(nilai, date):
        return nilai
    isi = teks(nilai)
    return None if isi is None else datetime.fromisoformat(isi).date()


def benar(nilai: object) -> bool:
    """Read a truth value, also from databases without booleans (1/0, 'Y'/'N', 'true'/'false', 'ya'/'tidak')."""
    if isinstance(nilai, str):
        return nilai.strip().lower() in {"1", "t", "true", "y", "yes", "ya"}
    return bool(nilai)


def _kolom(nama: str, nilai: tuple[Any, ...], cacat: Cacat) -> Sequence[Any]:
    jenis = frozenset(map(type, nilai))
    if jenis == {_NIHIL}:
        return nilai
    if nama in _ANGKA:
        return _angka(nama, nilai, jenis, cacat)
    if nama in _SAAT:
        return _waktu(nama, nilai, jenis, cacat)
    if jenis <= _TEKS:
        return list(map(teks, nilai)) if _perlu_rapi(nilai) else nilai
    return list(map(teks, nilai))


def _perlu_rapi(nilai: tuple[str | None, ...]) -> bool:
    """Tell whether some text is empty or has blanks around it."""
    return any(v is not None and (not v or v[-1].isspace() or v[0].isspace()) for v in set(nilai))


def _angka(nama: str, nilai: tuple[Any, ...], jenis: frozenset[type], cacat: Cacat) -> Sequence[Any]:
    if jenis <= _DESIMAL and all(map(Decimal.is_finite, filter(None, nilai))):
        return nilai
    if jenis <= _BULAT:
        return list(map({v: None if v is None else Decimal(v) for v in set(nilai)}.__getitem__, nilai))
    return _satu_satu(nama, nilai, ke_desimal, cacat)


def _waktu(nama: str, nilai: tuple[Any, ...], jenis: frozenset[type], cacat: Cacat) -> Sequence[Any]:
    if jenis <= _WAKTU and set(map(_zona, filter(None, nilai))) <= {UTC}:
        return nilai
    return _satu_satu(nama, nilai, saat, cacat)


def _satu_satu(
    nama: str, nilai: tuple[Any, ...], baca: Callable[[object], tuple[Any, str | None]], cacat: Cacat
) -> list[Any]:
    hasil = []
    for nomor, v in enumerate(nilai):
        isi, mentah = baca(v)
        if mentah is not None:
            cacat.setdefault(nomor, {})[nama] = mentah
        hasil.append(isi)
    return hasil
