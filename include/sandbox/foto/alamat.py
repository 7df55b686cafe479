"""Where a photo of the demo lies: all that is drawn stands in its address, so that the server keeps nothing."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import parse_qsl

PANJANG_MAKS = 200
"""Letters of an address's path and query."""
_JALAN = re.compile(r"/foto/([0-9]{6})/([0-9A-Za-z-]{1,20})[.]svg")
_STAN = re.compile(r"[0-9]{1,9}([.][0-9]{1,7})?")
_TANGGAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Cacat(StrEnum):
    """What is wrong with a photo: blurred, dark, not there, or it shows other digits than were written down."""

    BURAM = "buram"
    GELAP = "gelap"
    HILANG = "hilang"
    ANGKA_LAIN = "angka-lain"


class Foto(NamedTuple):
    """One photo. ``nama``: whose (an idpel, mostly). ``lwbp``, ``wbp``: the stan that was written down, if any."""

    nama: str
    thblrek: str
    tgl: str
    lwbp: str | None
    wbp: str | None
    cacat: Cacat | None


def jalan_foto(alamat: str, tgl: date, lwbp: str | Decimal | None, wbp: str | Decimal | None, cacat: str = "") -> str:
    """Return the path at which the server draws a photo.

    :param alamat: where ACMT has it, ``…/<thblrek>/<name>.jpg``.
    :param lwbp: the stan written down. What is no such number is left out, and its register is drawn blank.
    """
    _, thblrek, nama = alamat.removesuffix(".jpg").rsplit("/", 2)
    kueri = [
        *(f"{kunci}={stan}" for kunci, stan in (("lwbp", _stan(lwbp)), ("wbp", _stan(wbp))) if stan),
        f"tgl={tgl}",
        *([f"cacat={cacat}"] if cacat else []),
    ]
    return f"/foto/{thblrek}/{nama}.svg?{'&'.join(kueri)}"


def baca_jalan(alamat: str) -> Foto | None:
    """Return what an address says, or None where it is none of ours."""
    if len(alamat) > PANJANG_MAKS:
        return None
    depan, _, kueri = alamat.partition("?")
    jalan, pasang = _JALAN.fullmatch(depan), parse_qsl(kueri, keep_blank_values=True)
    isi = dict(pasang)
    if jalan is None or len(isi) < len(pasang) or not {"tgl"} <= isi.keys() <= {"tgl", "lwbp", "wbp", "cacat"}:
        return None
    lwbp, wbp, cacat = isi.get("lwbp"), isi.get("wbp"), isi.get("cacat")
    stan_sah = all(stan is None or _STAN.fullmatch(stan) for stan in (lwbp, wbp))
    if not (stan_sah and _TANGGAL.fullmatch(isi["tgl"]) and cacat in (None, *Cacat)):
        return None
    return Foto(jalan[2], jalan[1], isi["tgl"], lwbp, wbp, Cacat(cacat) if cacat else None)


def _stan(nilai: str | Decimal | None) -> str | None:
    """Return a stan as an address holds it."""
    teks = f"{nilai:f}" if isinstance(nilai, Decimal) else nilai or ""
    return teks if _STAN.fullmatch(teks) else None
