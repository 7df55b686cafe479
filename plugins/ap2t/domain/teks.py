"""Numbers as an Indonesian reader writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from urllib.parse import quote


def ribuan(n: int | Decimal) -> str:
    """Write a number with Indonesian separators: 12345.6 is ``12.345,6``."""
    return f"{n:,}".translate(str.maketrans(",.", ".,"))


def satu_baris(teks: str) -> str:
    """Write what does not print (line ends, terminal codes, marks that turn the writing round) as its code."""
    return "".join(h if h.isprintable() else ascii(h)[1:-1] for h in teks)


def tanpa_markah(teks: str) -> str:
    """Write somebody's words so that Markdown shows them as they are, as no part of what stands around them."""
    return re.sub(r"([\\`*_{}\[\]()#+.!|<>~&:/@-])", r"\\\1", teks)


def tautan_halaman(alamat: str, *bagian: object) -> str:
    """Return the address of a place on the page.

    :param alamat: where people reach Airflow. :param bagian: unit, month, kelompok, session, as far as they are known.
    """
    return f"{alamat}/pengesahan/#/{'/'.join(quote(str(x), safe='') for x in bagian)}"


def persen(baru: Decimal, lama: Decimal) -> str:
    """Change from ``lama`` to ``baru`` in percent with one decimal and its sign; ``-`` where there is no base."""
    return "-" if lama == 0 else f"{(baru - lama) * 100 / lama:+.1f} %".replace(".", ",")


def sebaris(idpel: Sequence[str], maks: int = 100) -> Iterator[str]:
    """Name all customers, ``maks`` a line."""
    for n in range(0, len(idpel), maks):
        yield ", ".join(idpel[n : n + maks])


def daftar(idpel: list[str], maks: int = 10) -> str:
    """Name the first ``maks`` customers and how many more there are."""
    lebih = len(idpel) - maks
    return ", ".join(idpel[:maks]) + (f" dan {ribuan(lebih)} lainnya" if lebih > 0 else "")
