"""What the sieve looks at and what it says, in and out with COPY; only the columns it needs, each value read once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import repeat
from typing import Any

from psycopg import sql
from sqlalchemy import Connection

from ap2t.domain.model import KOLOM_ANGKA, Bacaan
from ap2t.ledger.mesin import kursor
from ap2t.ledger.sesi import Sesi
from ap2t.sql import muat
from ap2t.teks_copy import NIHIL, kumpulkan, lepas, pecah, tiap

POTONG = 2000
"""Rows held in memory at once."""

BarisSaringan = tuple[str, Decimal | None, Decimal | None, Decimal | None, str, Sequence[str], Sequence[str]]
"""idpel, daya (VA), kWh, jam nyala (hours), hasil, alasan, DLPD flags."""

_KOLOM = (
    *("idpel", "daya", "fkmkwh", "digit_meter", "tgl_baca"),
    *("slalwbp", "sahlwbp", "slawbp", "sahwbp", "slakvarh", "sahkvarh"),
    *("lwbpcabut", "lwbppasang", "wbpcabut", "wbppasang", "fkmkwh_lama"),
    *("pemkwh", "pemkwh_lalu", "pemkwh_rata3", "foto_url", "cacat"),
)
"""The columns of ``ledger/bacaan_saring.sql``."""
_buat: Callable[[tuple[Any, ...]], Bacaan] = partial(tuple.__new__, Bacaan)
_TUMPUK = 500
_TEKS = ("idpel", "foto_url")


def baca(conn: Connection, sesi: Sesi, *, potong: int = POTONG) -> Iterator[list[Bacaan]]:
    """Stream what the sieve looks at of the snapshot, by idpel; every other column is None."""
    perintah = sql.SQL(muat("ledger/bacaan_saring")).format(sesi_id=sql.Literal(sesi.id))
    with kursor(conn).cursor() as k, k.copy(perintah) as keluar:
        for baris in kumpulkan(keluar, potong):
            yield _bacaan(baris)


def _bacaan(baris: list[bytes]) -> list[Bacaan]:
    n = len(baris)
    kolom = zip(*pecah(baris), strict=True)
    isi = {nama: _kolom(nama, nilai) for nama, nilai in zip(_KOLOM, kolom, strict=True)}
    urut = [isi.get(nama) or repeat(None, n) for nama in Bacaan._fields]
    return list(map(_buat, zip(*urut, strict=True)))


def _kolom(nama: str, nilai: Sequence[str]) -> list[Any]:
    if nama in KOLOM_ANGKA:
        return tiap(nilai, Decimal)
    if nama in _TEKS:
        return tiap(nilai, lepas)
    return tiap(nilai, datetime.fromisoformat if nama == "tgl_baca" else _json)


def _json(teks: str) -> Any:
    return json.loads(lepas(teks) or "null")


def tulis(conn: Connection, sesi: Sesi, baris: Iterable[BarisSaringan]) -> int:
    """COPY what the sieve said; return how many.

    An idpel that is not letters and digits alone goes through the driver, which escapes it.
    """
    jumlah = 0
    tumpuk: list[str] = []
    with kursor(conn).cursor() as k, k.copy(muat("ledger/saringan_salin_masuk").encode()) as salin:
        for idpel, daya, kwh, jam_nyala, hasil, alasan, dlpd in baris:
            jumlah += 1
            if not idpel.isalnum():
                salin.write_row((sesi.id, idpel, daya, kwh, jam_nyala, hasil, [*map(str, alasan)], [*map(str, dlpd)]))
                continue
            tumpuk.append(
                f"{sesi.id}\t{idpel}\t{NIHIL if daya is None else daya}\t{NIHIL if kwh is None else kwh}\t"
                f"{NIHIL if jam_nyala is None else jam_nyala}\t{hasil}\t{{{','.join(alasan)}}}\t{{{','.join(dlpd)}}}\n"
            )
            if len(tumpuk) >= _TUMPUK:
                salin.write("".join(tumpuk))
                tumpuk.clear()
        salin.write("".join(tumpuk))
    return jumlah
