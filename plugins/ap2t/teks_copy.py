"""PostgreSQL's COPY text: the one place that reads it, and writes what the server would write.

A column at a time is the fastest way in and out of it. So values are taken by place here, and only here; outside they
have names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import repeat, starmap
from typing import Any

from ap2t.domain.model import KOLOM_ANGKA, KOLOM_TANDA, KOLOM_WAKTU, Bacaan, Kebiasaan, Pilihan

NIHIL = "\\N"
"""COPY's null."""

_LEPAS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_lepas = re.compile(r"\\(.)", re.DOTALL)


def baris_teks(teks: bytes) -> list[bytes]:
    """Return the rows of a text, without their line ends."""
    return teks.split(b"\n")[:-1]


def pecah(baris: list[bytes]) -> list[list[str]]:
    """Split rows into their columns, still escaped."""
    semua = b"".join(baris).decode().split("\n")
    if len(semua) != len(baris) + 1:
        raise ValueError("COPY gives one row a message")
    semua.pop()
    return [teks.split("\t") for teks in semua]


def nilai_baris(baris: bytes | bytearray | memoryview) -> list[str | None]:
    """Return the values of one row, with or without its line end."""
    return [lepas(teks) for teks in bytes(baris).decode().removesuffix("\n").split("\t")]


def nilai_pertama(baris: bytes) -> str:
    """Return the first value of a row, which is not null and not the only one."""
    return lepas(baris[: baris.index(b"\t")].decode()) or ""


def lepas(teks: str) -> str | None:
    """Return a column's value: unescaped, or None."""
    if teks == NIHIL:
        return None
    return _lepas.sub(lambda cocok: _LEPAS.get(cocok[1], cocok[1]), teks) if "\\" in teks else teks


def bilangan(teks: str) -> Decimal | None:
    """Read a number, or null."""
    return None if teks == NIHIL else Decimal(teks)


def saat(teks: str) -> datetime:
    """Read an instant, which the server wrote in UTC.

    :raises ValueError: it is none, or in another zone.
    """
    hasil = datetime.fromisoformat(teks)
    if hasil.tzinfo is not UTC:
        raise ValueError(teks)
    return hasil


def _json(teks: str) -> Any:
    return json.loads(lepas(teks) or "null")


def baca_pilihan(isi: Mapping[str, Any]) -> Pilihan:
    """Read what ACMT offers of a row besides from its JSON in the ledger.

    :raises ValueError: a column is none of these, or a value is no text of its kind.
    """
    nilai = _nilai(Pilihan, {kolom: satu for kolom, satu in isi.items() if kolom != "riwayat"})
    riwayat = isi.get("riwayat")
    return Pilihan(**nilai, riwayat=None if riwayat is None else Kebiasaan(**_nilai(Kebiasaan, riwayat)))


def _nilai(jenis: type[Pilihan] | type[Kebiasaan], isi: Any) -> dict[str, Any]:
    if not isinstance(isi, dict) or not isi.keys() <= set(jenis._fields):
        raise ValueError(jenis.__name__)
    if not all(isinstance(nilai, str) for nilai in isi.values()):
        raise ValueError(f"{jenis.__name__} {sorted(isi)}")
    return {kolom: _BACA_JSON.get(kolom, _BACA.get(kolom, str))(nilai) for kolom, nilai in isi.items()}


def teks_pilihan(pilihan: Pilihan | None) -> str | None:
    """Write what ACMT offers of a row besides as JSON: values that are there, as text."""
    if pilihan is None:
        return None
    isi: dict[str, Any] = _ada(pilihan._replace(riwayat=None))
    return json.dumps(isi if pilihan.riwayat is None else {**isi, "riwayat": _ada(pilihan.riwayat)})


def tambah_riwayat(baris: bytes, riwayat: Kebiasaan) -> bytes:
    """Write what a customer's earlier months come to behind a row's text, whose last column is ``pilihan``."""
    depan, _, pilihan = baris.rpartition(b"\t")
    isi = b'"riwayat": ' + pasang(json.dumps(_ada(riwayat))).encode()
    return depan + b"\t" + (b"{" if pilihan == NIHIL.encode() else pilihan[:-1] + b", ") + isi + b"}"


def _ada(isi: Pilihan | Kebiasaan) -> dict[str, str]:
    return {kolom: _teks_nilai(nilai) for kolom, nilai in isi._asdict().items() if nilai is not None}


def _teks_nilai(nilai: str | bool | int | Decimal | datetime) -> str:
    """Write a value as PostgreSQL's own text of it, in UTC."""
    if isinstance(nilai, datetime):
        detik, _, pecahan = nilai.astimezone(UTC).isoformat(" ").removesuffix("+00:00").partition(".")
        return f"{detik}{f'.{pecahan}'.rstrip('0') if pecahan else ''}+00"
    if isinstance(nilai, bool):
        return "true" if nilai else "false"
    return format(nilai, "f") if isinstance(nilai, Decimal) else str(nilai)


_BACA_JSON: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("bulan", "taksir", "jarak"), int),
    **dict.fromkeys(("median", "mad", "stan_lwbp", "stan_wbp"), Decimal),
}
_BACA: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(KOLOM_ANGKA, Decimal),
    **dict.fromkeys(KOLOM_WAKTU, saat),
    **dict.fromkeys(KOLOM_TANDA, lambda teks: teks == "true"),
    "pilihan": lambda teks: baca_pilihan(_json(teks)),
    "cacat": _json,
}
"""How a column of a reading is read that is not text."""
_buat: Callable[[tuple[Any, ...]], Bacaan] = partial(tuple.__new__, Bacaan)


def baca_kolom(nama: str, teks: str) -> Any:
    """Read one value of a reading, still escaped."""
    return None if teks == NIHIL else _BACA.get(nama, lepas)(teks)


def bacaan_dari_teks(baris: bytes) -> Bacaan:
    """Read a whole reading from a row of all its columns, in order."""
    kolom = zip(Bacaan._fields, baris.decode().removesuffix("\n").split("\t"), strict=True)
    return _buat(tuple(starmap(baca_kolom, kolom)))


def bacaan_dari_kolom(nama: Sequence[str], kolom: Iterable[Sequence[str]], jumlah: int) -> list[Bacaan]:
    """Read ``jumlah`` readings of which these columns are known. Every other value is None.

    :raises ValueError: a value cannot be read. :raises ArithmeticError: the same, of a number.
    """
    ada = {satu: tiap(teks, _BACA.get(satu, lepas)) for satu, teks in zip(nama, kolom, strict=True)}
    urut = [ada.get(satu) or repeat(None, jumlah) for satu in Bacaan._fields]
    return list(map(_buat, zip(*urut, strict=True)))


def bacaan_dari_baris(nama: Sequence[str], baris: list[bytes], dipakai: Collection[str]) -> list[Bacaan]:
    """Read readings from rows of these columns (:func:`bacaan_dari_kolom`). ``dipakai``: the columns that are read."""
    kolom = zip(nama, zip(*pecah(baris), strict=True), strict=True)
    ada = {satu: teks for satu, teks in kolom if satu in dipakai} if baris else {}
    return bacaan_dari_kolom([*ada], ada.values(), len(baris))


def tiap(nilai: Sequence[str], baca: Callable[[str], Any]) -> list[Any]:
    """Read a column. Where values repeat, each different one is read once."""
    jumlah = len(nilai)
    if nilai.count(NIHIL) == jumlah:
        return [None] * jumlah
    return _tiap_beda(nilai, lambda teks: None if teks == NIHIL else baca(teks))


def _tiap_beda(nilai: Sequence[Any], ubah: Callable[[Any], Any]) -> list[Any]:
    """Turn each value into another. Where values repeat, each different one is turned once."""
    beda = set(nilai)
    if len(beda) * 2 > len(nilai):
        return [*map(ubah, nilai)]
    kenal = {satu: ubah(satu) for satu in beda}
    return [kenal[satu] for satu in nilai]


_PASANG = str.maketrans({"\\": "\\\\", **{asli: f"\\{huruf}" for huruf, asli in _LEPAS.items()}})


def pasang(nilai: str | None) -> str:
    """Write a column's value as PostgreSQL's COPY does: escaped, or its null. The reverse of :func:`lepas`."""
    return NIHIL if nilai is None else nilai.translate(_PASANG)


def teks_bacaan_polos(bacaan: Sequence[Bacaan]) -> bytes:
    """Write readings as PostgreSQL's own COPY text of all but their last two columns, which hold nothing."""
    semua = zip(Bacaan._fields[:-2], zip(*bacaan, strict=True), strict=False)
    # numbers that are equal may differ as text, so each of them is written
    kolom = (
        map(_teks_polos, nilai) if nama in KOLOM_ANGKA else _tiap_beda(nilai, _teks_polos) for nama, nilai in semua
    )
    return "".join("\t".join((*satu, NIHIL)) + "\n" for satu in zip(*kolom, strict=True)).encode()


def _teks_polos(nilai: str | Decimal | datetime | None) -> str:
    if nilai is None:
        return NIHIL
    return pasang(nilai) if isinstance(nilai, str) else _teks_nilai(nilai)


def pasang_baris(nilai: Iterable[str | None]) -> bytes:
    """Write a row, line end included. The reverse of :func:`nilai_baris`."""
    return "\t".join(map(pasang, nilai)).encode() + b"\n"
