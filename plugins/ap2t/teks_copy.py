"""Reads and writes PostgreSQL's COPY text a column at a time, the fastest way in and out of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

NIHIL = "\\N"
"""COPY's null."""

_LEPAS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_lepas = re.compile(r"\\(.)", re.DOTALL)


def kumpulkan(baris: Iterable[bytes | bytearray | memoryview], potong: int) -> Iterator[list[bytes]]:
    """Gather COPY's rows (one a message, line end included) into chunks."""
    kumpul: list[bytes] = []
    for potongan in baris:
        kumpul.append(bytes(potongan))
        if len(kumpul) >= potong:
            yield kumpul
            kumpul = []
    if kumpul:
        yield kumpul


def pecah(baris: list[bytes]) -> list[list[str]]:
    """Split rows into their columns, still escaped."""
    semua = b"".join(baris).decode().split("\n")
    if len(semua) != len(baris) + 1:
        raise ValueError("COPY gives one row a message")
    semua.pop()
    return [teks.split("\t") for teks in semua]


def lepas(teks: str) -> str | None:
    """Return a column's value: unescaped, or None."""
    if teks == NIHIL:
        return None
    return _lepas.sub(_asli, teks) if "\\" in teks else teks


def _asli(cocok: re.Match[str]) -> str:
    return _LEPAS.get(cocok[1], cocok[1])


def tiap(kolom: Sequence[str], baca: Callable[[str], Any]) -> list[Any]:
    """Read a column, its nulls as None. Where values repeat, each different one is read once."""
    jumlah = len(kolom)
    if kolom.count(NIHIL) == jumlah:
        return [None] * jumlah
    beda = set(kolom)
    if len(beda) * 2 > jumlah:
        return [None if teks == NIHIL else baca(teks) for teks in kolom]
    nilai = {teks: None if teks == NIHIL else baca(teks) for teks in beda}
    return [nilai[teks] for teks in kolom]


_PASANG = str.maketrans({"\\": "\\\\", **{asli: f"\\{huruf}" for huruf, asli in _LEPAS.items()}})


def pasang(nilai: str | None) -> str:
    """Write a column's value as PostgreSQL's COPY does: escaped, or its null. The reverse of :func:`lepas`."""
    return NIHIL if nilai is None else nilai.translate(_PASANG)
