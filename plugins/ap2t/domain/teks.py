"""Numbers, names and instants as an Indonesian reader writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo


def ribuan(angka: int | Decimal) -> str:
    """Write a number with Indonesian separators: 12345.6 is ``12.345,6``."""
    return f"{angka:,}".translate(str.maketrans(",.", ".,"))


def kutip(nilai: object) -> str:
    """Quote an input as it may stand in a message: not longer than a line."""
    teks = repr(nilai)
    return teks if len(teks) <= 40 else f"{teks[:37]}..."


def dari_json(isi: str | bytes, **pilihan: Any) -> Any:
    """Read JSON that came from outside. ``pilihan``: as for ``json.loads``.

    :raises ValueError: it is none, or nested so deep that it cannot be read.
    """
    try:
        return json.loads(isi, **pilihan)
    except RecursionError:
        raise ValueError("JSON nested too deep") from None


def satu_baris(teks: str) -> str:
    """Write what does not print (line ends, terminal codes, marks that turn the writing round) as its code."""
    if teks.isprintable():
        return teks
    return "".join(huruf if huruf.isprintable() else ascii(huruf)[1:-1] for huruf in teks)


def tanpa_markah(teks: str) -> str:
    """Write somebody's words so that Markdown shows them as they are, as no part of what stands around them."""
    return re.sub(r"([\\`*_{}\[\]()#+.!|<>~&:/@-])", r"\\\1", teks)


def tautan_halaman(alamat: str, *bagian: object) -> str:
    """Return the address of a place on the page.

    :param alamat: where people reach Airflow. :param bagian: unit, month, kelompok, session, as far as they are known.
    """
    return f"{alamat}/pengesahan/#/{'/'.join(quote(str(satu), safe='') for satu in bagian)}"


def persen(baru: Decimal, lama: Decimal) -> str:
    """Write a change in percent, with one decimal and its sign, or ``-`` where there is no base."""
    return "-" if lama == 0 else f"{(baru - lama) * 100 / lama:+.1f} %".replace(".", ",")


def sebaris(idpel: Sequence[str], maks: int = 100) -> Iterator[str]:
    """Name all customers, ``maks`` a line."""
    for awal in range(0, len(idpel), maks):
        yield ", ".join(idpel[awal : awal + maks])


def daftar(idpel: list[str], maks: int = 10) -> str:
    """Name the first ``maks`` customers and how many more there are."""
    lebih = len(idpel) - maks
    return ", ".join(idpel[:maks]) + (f" dan {ribuan(lebih)} lainnya" if lebih > 0 else "")


ZONA_PUSAT = "Asia/Jakarta"
"""Days that belong to no unit (seals, periods of an audit) are Jakarta's."""


def tabel(kolom: Sequence[str], baris: Sequence[Sequence[str]]) -> str:
    """Write a table in Markdown, cells as they are."""
    from tabulate import tabulate  # here: most who import this write no table

    return tabulate(baris, headers=kolom, tablefmt="pipe", disable_numparse=True)


def setempat(saat: datetime, zona: str = ZONA_PUSAT) -> str:
    """Write an instant in a zone, with the zone's label: ``2026-06-03 14:05:12 WIB``."""
    return f"{saat.astimezone(ZoneInfo(zona)):%Y-%m-%d %H:%M:%S %Z}"


def hari(saat: datetime) -> date:
    """Return the day of an instant in ``ZONA_PUSAT``."""
    return saat.astimezone(ZoneInfo(ZONA_PUSAT)).date()


def awal_hari(tanggal: date) -> datetime:
    """Return the first instant of a day in ``ZONA_PUSAT``."""
    return datetime.combine(tanggal, time(), ZoneInfo(ZONA_PUSAT))


def akhir_hari(tanggal: date) -> datetime:
    """Return the first instant after a day in ``ZONA_PUSAT``."""
    return awal_hari(tanggal + timedelta(days=1))


def waktu_unit(saat: datetime | None, zona: str) -> str:
    """Write an instant in the unit's own zone, to the minute, or ``-`` where there is none."""
    if saat is None:
        return "-"
    with suppress(OverflowError):  # the last day there is, as some write "none": it stays in the zone it came in
        saat = saat.astimezone(ZoneInfo(zona))
    return f"{saat:%d-%m-%Y %H:%M %Z}"
