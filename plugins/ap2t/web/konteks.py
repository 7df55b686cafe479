"""What a route is given: who asks, what they may see, and what the page reads from."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, cast
from urllib.parse import unquote

from fastapi import Depends, Header, Path, Request
from starlette.responses import Response

from ap2t.domain.angka import kanonik
from ap2t.domain.kontrak import periksa_thblrek, periksa_unitup
from ap2t.domain.model import Unit
from ap2t.galat import GalatPengesahan, MasukanTidakSah
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.sesi import Sesi
from ap2t.lihat.kenal import Kenal
from ap2t.web.akses import Akses, Hak
from ap2t.web.data import Data
from ap2t.web.kelompok import TabelKelompok
from ap2t.web.kolam import KOLAM
from ap2t.web.masalah import Masalah, TidakAda
from ap2t.web.pelanggan.penyegar import Penyegar

CARI_MAKS = 60
"""Letters that may be searched for."""
_BUKAN_TEKS = re.compile(r"[\x00-\x1f\x7f]")


class Konteks:
    """Everything the routes of one process share."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.akses = Akses(data)
        self.kelompok = TabelKelompok(data)
        self.penyegar = Penyegar()
        self._dikenal: set[tuple[str, str, str | None]] = set()

    def ingat(self, unitup: str, thblrek: str, hari_baca: str | None = None) -> bool:
        """Whether a unit's month (and kelompok) was found to be real before."""
        return (unitup, thblrek, hari_baca) in self._dikenal

    def pastikan(self, unitup: str, thblrek: str, hari_baca: str | None = None) -> None:
        """Make sure that a unit has a month, and a kelompok in it. It passes where only ACMT could tell and is away.

        :raises TidakAda: there is no such month or kelompok.
        """
        if self.ingat(unitup, thblrek, hari_baca):
            return
        try:
            kenal = Kenal(self.data.buku, lambda: self.data.acmt, lambda _: None)
            if hari_baca is None:
                kenal.bulan([unitup], thblrek)
            else:
                kenal.kelompok([unitup], hari_baca, thblrek)
        except MasukanTidakSah:
            apa = f"Bulan {thblrek}" if hari_baca is None else f"Kelompok {hari_baca}"
            raise TidakAda(f"{apa} unit {unitup}") from None
        except GalatPengesahan:
            return
        self._dikenal.add((unitup, thblrek, hari_baca))

    def menandai(self, hak: Hak, sesi: Sesi) -> bool:
        """Whether somebody may act in a session's unit, and there is a connection to mark with."""
        return sesi.unitup in hak.bertindak and self.data.bisa_menandai

    def tutup(self) -> None:
        """End the helper process and give back every connection."""
        self.penyegar.hentikan()
        self.data.tutup()


async def konteks(permintaan: Request) -> Konteks:
    """Return what the routes share."""
    return cast(Konteks, permintaan.app.state.konteks)


async def hak(permintaan: Request) -> Hak:
    """Return what the person who asks may see. The door has put it there."""
    return cast(Hak, permintaan.state.hak)


KonteksRute = Annotated[Konteks, Depends(konteks)]
HakPeminta = Annotated[Hak, Depends(hak)]


async def unit(konteks: KonteksRute, hak: HakPeminta, unitup: Annotated[str, Path()]) -> Unit:
    """Return the unit of the path.

    :raises Masalah: the person does not see it; whether it exists is not told.
    """
    periksa_unitup(unitup)
    if not hak.lihat(unitup):
        raise Masalah(
            403,
            "UNIT_LAIN",
            f"Anda tidak memegang ADMIN_CMT unit {unitup} dan tidak menerima delegasinya, jadi datanya tidak "
            "ditampilkan. Pilih unit Anda sendiri.",
        )
    try:
        ada = konteks.akses.intip_unit(unitup)
        return await KOLAM.jalankan(konteks.akses.unit, unitup) if ada is None else ada
    except MasukanTidakSah:
        raise TidakAda(f"Unit {unitup}") from None


UnitDilihat = Annotated[Unit, Depends(unit)]


async def bulan(konteks: KonteksRute, unit: UnitDilihat, thblrek: Annotated[str, Path()]) -> str:
    """Return the billing month of the path.

    :raises TidakAda: the unit has no such month.
    """
    periksa_thblrek(thblrek)
    if not konteks.ingat(unit.unitup, thblrek):
        await KOLAM.jalankan(konteks.pastikan, unit.unitup, thblrek)
    return thblrek


class NomorSesi:
    """The number of a session in the path. Only whoever sees its unit is given the session."""

    def __init__(self, hak: Hak, nomor: str) -> None:
        self._hak, self._nomor = hak, nomor

    def sesi(self, tx: Transaksi) -> Sesi:
        """Return the session.

        :raises TidakAda: there is none, or it is of a unit the person does not see: the two read the same.
        """
        sesi = tx.sesi.bernomor(self._nomor)
        if sesi is None or not self._hak.lihat(sesi.unitup):
            raise TidakAda(f"Sesi {self._nomor}" if self._nomor.isprintable() else "Sesi itu")
        return sesi


async def _nomor_sesi(hak: HakPeminta, nomor: Annotated[str, Path(max_length=64)]) -> NomorSesi:
    return NomorSesi(hak, nomor)


async def kata_cari(x_cari: Annotated[str | None, Header(max_length=CARI_MAKS * 12)] = None) -> str | None:
    """Return what is searched for, or None.

    It comes in a header, percent-encoded: Airflow writes addresses to its log, and it may be a name.
    """
    cari = unquote(x_cari or "")
    if len(cari.strip()) > CARI_MAKS or _BUKAN_TEKS.search(cari):
        raise Masalah(400, "CARI", f"Kata yang dicari paling panjang {CARI_MAKS} huruf, dan hanya huruf biasa.")
    return cari.strip() or None


KataCari = Annotated[str | None, Depends(kata_cari)]
BulanDilihat = Annotated[str, Depends(bulan)]
SesiDilihat = Annotated[NomorSesi, Depends(_nomor_sesi)]


def _jadi_teks(nilai: Any) -> Any:
    if isinstance(nilai, Decimal):
        return kanonik(nilai) if nilai.is_finite() else str(nilai)
    if isinstance(nilai, datetime):
        return nilai.isoformat()
    raise TypeError(f"{type(nilai).__name__} is not meant for the page")


class JawabanJson(Response):
    """JSON as the page gets it: decimals as canonical text, instants with their offset."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the bytes of the answer."""
        teks = json.dumps(content, default=_jadi_teks, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return teks.encode(errors="replace")
