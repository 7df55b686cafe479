"""The one reader of values: from what a database gives to the facts the rules work on.

Every road goes through here: COPY text, a driver's values, readiness, snapshot, status, people, calendar. So the same
text gives the same fact, or the same fault, whatever the database. A reader returns the fact and, where the value is
none of its kind, the raw text of the fault; a fault is never a fact, and never an error that stops other rows.

A chunk of readings is read column by column: a column whose values already have the right type passes as it is, and
only the others are read value by value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any, cast
from zoneinfo import ZoneInfo

from ap2t.domain.angka import ke_desimal
from ap2t.domain.harga import Harga
from ap2t.domain.kalender import awal_bulan
from ap2t.domain.model import (
    KOLOM_ANGKA,
    KOLOM_BACAAN,
    KOLOM_PILIHAN,
    KOLOM_TANDA,
    KOLOM_WAKTU,
    NOL_KOSONG,
    TANPA_IDPEL,
    Bacaan,
    BulanLalu,
    Pilihan,
)
from ap2t.domain.teks import satu_baris

TEKS_MAKS = 8000
"""Characters of the longest text that is taken for one; a photo's address may be long."""
MENTAH_MAKS = 100
"""Characters kept of a value that could not be read."""

SPASI = " \t\n\r\f\v"
"""What is dropped around text, in Python as in ``acmt/salin_postgresql``; blanks of other alphabets are characters."""

_BAITAN = (bytes, bytearray, memoryview)
_TULISAN = (str, *_BAITAN)
_NIHIL = type(None)
_DESIMAL = frozenset({Decimal, _NIHIL})
_BULAT = frozenset({int, _NIHIL})
_WAKTU = frozenset({datetime, _NIHIL})
_TEKS = frozenset({str, _NIHIL})
_TANDA = frozenset({bool, _NIHIL})
_zona = attrgetter("tzinfo")
_KUNCI = frozenset({"idpel", "unitup", "thblrek", "hari_baca"})
_BENAR = frozenset({"1", "y", "ya", "yes", "true"})
_SALAH = frozenset({"0", "n", "t", "tidak", "no", "f", "false"})
"""Indonesian tables write *no* as T (tidak) as often as N. A table of T and F is told by ``ap2t periksa``."""
buat_bacaan: Callable[[tuple[Any, ...]], Bacaan] = partial(tuple.__new__, Bacaan)
"""A reading from all its values in order, unchecked."""

Cacat = dict[int, dict[str, str]]
"""By row number within the chunk: the raw text of each value that could not be read."""


def ke_bacaan(kolom: Sequence[str], baris: Sequence[Sequence[Any]]) -> list[Bacaan]:
    """Turn rows of the given columns into readings. Columns of ``Bacaan`` that are not given are None.

    A row without an idpel goes by the name ``TANPA_IDPEL``, and an unreadable part of the key by its raw text: both are
    held by the rules, since neither is a customer's number.
    """
    if not baris:
        return []
    cacat: Cacat = {}
    isi = {nama: _kolom(nama, nilai, cacat) for nama, nilai in zip(kolom, zip(*baris, strict=True), strict=True)}
    jumlah = len(baris)
    kosong = [None] * jumlah
    urut = [isi.get(nama, kosong) for nama in KOLOM_BACAAN]
    pilihan: Sequence[Pilihan | None] = kosong
    if not isi.keys().isdisjoint(KOLOM_PILIHAN):
        for nama in NOL_KOSONG & isi.keys():
            isi[nama] = [None if nilai == 0 else nilai for nilai in isi[nama]]
        semua = map(Pilihan, *(isi.get(nama, kosong) for nama in KOLOM_PILIHAN))
        pilihan = [satu if any(nilai is not None for nilai in satu) else None for satu in semua]
    ragu = map(cacat.get, range(jumlah)) if cacat else kosong
    return list(map(buat_bacaan, zip(*urut, pilihan, ragu, strict=True)))


def ke_riwayat(kolom: Sequence[str], baris: Sequence[Sequence[Any]]) -> list[BulanLalu]:
    """Turn rows of the given columns of ``v_riwayat`` into months. What cannot be read is None.

    A row that names no month is left out. Where a stan cannot be read neither counts: it would look like no register.
    """
    if not baris:
        return []
    cacat: Cacat = {}
    isi = {nama: _kolom(nama, nilai, cacat) for nama, nilai in zip(kolom, zip(*baris, strict=True), strict=True)}
    kosong = [None] * len(baris)
    semua = list(map(BulanLalu, *(isi.get(nama, kosong) for nama in BulanLalu._fields)))
    for nomor, rusak in cacat.items():
        if not rusak.keys().isdisjoint(("sahlwbp", "sahwbp")):
            semua[nomor] = semua[nomor]._replace(sahlwbp=None, sahwbp=None)
    bulan = {satu for satu in set(isi["thblrek"]) if awal_bulan(satu) is not None}
    return [satu for satu in semua if satu.thblrek in bulan]


def baca_harga(baris: Sequence[Any]) -> Harga | None:
    """Turn a row of ``v_harga`` into a price, or None where something of it but the least hours is not there."""
    tarif, dari, sampai, lwbp, wbp, minimum, berlaku = baris
    isi = (teks(tarif), *(angka(nilai)[0] for nilai in (dari, sampai, lwbp, wbp)), hari(berlaku)[0])
    if any(nilai is None for nilai in isi):
        return None
    *awal, sejak = cast(list[Any], isi)
    return Harga._make((*awal, angka(minimum)[0], sejak))


# ------------------------------------------------------------------------------------------- one value of each kind


def baca_teks(nilai: object) -> tuple[str | None, str | None]:
    """Read text without blanks around it. Blank text is nothing, as in Oracle.

    What the ledger cannot hold is no text: NUL, half a surrogate pair, bytes that are not UTF-8, no end of it.

    :return: ``(text, None)``, ``(None, None)`` for nothing, or ``(None, raw text)``.
    """
    if isinstance(nilai, _BAITAN):
        try:
            nilai = bytes(nilai).decode()
        except UnicodeDecodeError:
            return None, mentah(nilai)
    if nilai is None:
        return None, None
    isi = str(nilai).strip(SPASI)
    if (
        len(isi) > TEKS_MAKS
        or "\0" in isi
        or (not isi.isascii() and any("\ud800" <= huruf <= "\udfff" for huruf in isi))
    ):
        return None, mentah(isi)
    return isi or None, None


def teks(nilai: object) -> str | None:
    """Return text without blanks around it, or None where there is none that can be read."""
    return baca_teks(nilai)[0]


def kode(nilai: object) -> str:
    """Return a part of a key as text, however it came, empty where there is none."""
    isi, rusak = baca_teks(nilai)
    return isi or rusak or ""


def idpel(nilai: object) -> str:
    """Return a customer's number without the blanks that CHAR puts behind it, or ``TANPA_IDPEL`` where there is none.

    Whatever else stands around it is no padding: it stays, and makes the number invalid.
    """
    isi, rusak = baca_teks(nilai)
    if isi is None:
        return rusak or TANPA_IDPEL
    return nilai.rstrip(" ") if isinstance(nilai, str) else isi


def angka(nilai: object) -> tuple[Decimal | None, str | None]:
    """Read an exact number (:func:`~ap2t.domain.angka.ke_desimal`), also from text in bytes."""
    isi, rusak = baca_teks(nilai) if isinstance(nilai, _BAITAN) else (nilai, None)
    hasil, bukan = ke_desimal(isi)
    rusak = bukan if rusak is None else rusak
    return hasil, None if rusak is None else mentah(rusak)


def bulat(nilai: object) -> tuple[int | None, str | None]:
    """Read a whole number."""
    isi, rusak = angka(nilai)
    if isi is None:
        return None, rusak
    return (int(isi), None) if isi == isi.to_integral_value() else (None, mentah(nilai))


def saat(nilai: object) -> tuple[datetime | None, str | None]:
    """Read an instant as an aware UTC ``datetime``.

    A naive value is UTC by agreement with the source. A date is its midnight. MySQL's zero date is nothing.
    """
    if isinstance(nilai, datetime):
        try:
            return (nilai.replace(tzinfo=UTC) if nilai.tzinfo is None else nilai.astimezone(UTC)), None
        except OverflowError:
            return None, mentah(nilai)
    if isinstance(nilai, date):
        return datetime.combine(nilai, time(), UTC), None
    tertulis, rusak = _tertulis(nilai)
    if tertulis is None:
        return None, rusak
    instan, _ = saat(tertulis)
    return instan, None if instan else mentah(nilai)


def hari(nilai: object) -> tuple[date | None, str | None]:
    """Read a calendar day: a date, or what an instant says it is where it was written."""
    if isinstance(nilai, datetime):
        return nilai.date(), None
    if isinstance(nilai, date):
        return nilai, None
    tertulis, rusak = _tertulis(nilai)
    return (tertulis.date() if tertulis else None), rusak


def _tertulis(nilai: object) -> tuple[datetime | None, str | None]:
    """Read an instant that is written out, as it is written. MySQL's zero date is nothing."""
    isi, rusak = baca_teks(nilai)
    if isi is None or isi.startswith("0000-00-00"):
        return None, rusak
    try:
        if isinstance(nilai, _TULISAN):
            return datetime.fromisoformat(isi), None
    except ValueError:
        pass
    return None, mentah(isi)


def tanda(nilai: object) -> tuple[bool | None, str | None]:
    """Read a truth value from the list of what is true and what is false. Anything else is a fault, and not true.

    Also from databases without booleans: 1 and 0, MySQL's BIT(1), Oracle's RAW(1), and words (Y, YA, TRUE; N, T,
    TIDAK, FALSE; capitals or not). Nothing is nothing.
    """
    if nilai is None or isinstance(nilai, bool):
        return nilai, None
    if isinstance(nilai, _BAITAN):
        isi = bytes(nilai)
        if isi and not isi.strip(b"\0\1"):  # a bit, not a character
            return (bool(isi[-1]), None) if not any(isi[:-1]) else (None, mentah(isi))
    if isinstance(nilai, int | float | Decimal):
        satuan = angka(nilai)[0]
        return (bool(satuan), None) if satuan in (0, 1) else (None, mentah(nilai))
    kata, rusak = baca_teks(nilai)
    if kata is None:
        return None, rusak
    if not isinstance(nilai, _TULISAN) or kata.lower() not in _BENAR | _SALAH:
        return None, mentah(kata)
    return kata.lower() in _BENAR, None


def zona(nilai: object) -> tuple[str | None, str | None]:
    """Read an IANA time zone's name."""
    isi, rusak = baca_teks(nilai)
    if isi is None:
        return None, rusak
    try:
        return ZoneInfo(isi).key, None
    except (ValueError, OSError, KeyError):
        return None, mentah(isi)


def mentah(nilai: object) -> str:
    """Return what is kept of a value that could not be read: text that any database holds and any screen shows."""
    isi = bytes(nilai) if isinstance(nilai, bytearray | memoryview) else nilai
    return satu_baris(str(isi)[:MENTAH_MAKS])[:MENTAH_MAKS] or "(kosong)"


# ------------------------------------------------------------------------------------------------ columns of a chunk

BACA: dict[str, Callable[[object], tuple[Any, str | None]]] = {
    **dict.fromkeys(KOLOM_ANGKA, angka),
    **dict.fromkeys(KOLOM_WAKTU, saat),
    **dict.fromkeys(KOLOM_TANDA, tanda),
}
"""The readers of columns that are no text."""


def _kolom(nama: str, nilai: tuple[Any, ...], cacat: Cacat) -> Sequence[Any]:
    jenis = frozenset(map(type, nilai))
    if nama in _KUNCI:
        baca_kunci = idpel if nama == "idpel" else kode
        if not jenis <= _TEKS:
            return list(map(baca_kunci, nilai))
        kunci = {satu: baca_kunci(satu) for satu in set(nilai)}
        return list(map(kunci.__getitem__, nilai))
    baca = BACA.get(nama, baca_teks)
    if jenis == {_NIHIL} or _sudah_jadi(baca, jenis, nilai):
        return nilai
    if baca is angka and jenis <= _BULAT:
        desimal = {satu: None if satu is None else Decimal(satu) for satu in set(nilai)}
        return list(map(desimal.__getitem__, nilai))
    hasil = []
    for nomor, satu in enumerate(nilai):
        isi, rusak = baca(satu)
        if rusak is not None:
            cacat.setdefault(nomor, {})[nama] = rusak
        hasil.append(isi)
    return hasil


def _sudah_jadi(baca: Callable[[object], object], jenis: frozenset[type], nilai: tuple[Any, ...]) -> bool:
    """Tell whether all of a column is what its reader would make of it."""
    if baca is angka:
        return jenis <= _DESIMAL and all(map(Decimal.is_finite, filter(None, nilai)))
    if baca is tanda:
        return jenis <= _TANDA
    if baca is saat:
        return jenis <= _WAKTU and set(map(_zona, filter(None, nilai))) <= {UTC}
    return jenis <= _TEKS and not any(map(_perlu_dibaca, set(nilai)))


def _perlu_dibaca(nilai: str | None) -> bool:
    """Tell whether a text is empty, has blanks around it, or may be none that the ledger can hold."""
    if nilai is None:
        return False
    return not nilai or nilai[-1].isspace() or nilai[0].isspace() or not nilai.isprintable() or len(nilai) > TEKS_MAKS
