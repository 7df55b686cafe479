"""What a route is given: who asks and what they may see, and what the page reads from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, cast

from fastapi import Depends, Path, Request

from ap2t.domain.angka import kanonik
from ap2t.domain.kontrak import periksa_thblrek, periksa_unitup
from ap2t.domain.model import Unit
from ap2t.galat import MasukanTidakSah
from ap2t.ledger import sesi
from ap2t.ledger.sesi import Sesi
from ap2t.web.akses import Akses, Hak
from ap2t.web.data import Data
from ap2t.web.kelompok import TabelKelompok
from ap2t.web.masalah import Masalah, TidakAda
from ap2t.web.penyegar import Penyegar


class Konteks:
    """Everything the routes of one process share."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.akses = Akses(data)
        self.kelompok = TabelKelompok(data)
        self.penyegar = Penyegar()

    def tutup(self) -> None:
        """End the helper process and give back every connection."""
        self.penyegar.tutup()
        self.data.tutup()


def konteks(permintaan: Request) -> Konteks:
    """Return what the routes share."""
    return cast(Konteks, permintaan.app.state.konteks)


def hak(permintaan: Request) -> Hak:
    """Return what the person who asks may see; the door has put it there."""
    return cast(Hak, permintaan.state.hak)


K = Annotated[Konteks, Depends(konteks)]
H = Annotated[Hak, Depends(hak)]


def unit(k: K, h: H, unitup: Annotated[str, Path()]) -> Unit:
    """Return the unit of the path.

    :raises Masalah: the person does not see it; whether it exists is not told.
    """
    periksa_unitup(unitup)
    if not h.lihat(unitup):
        raise Masalah(
            403,
            "UNIT_LAIN",
            f"Anda tidak memegang ADMIN_CMT unit {unitup} dan tidak menerima delegasinya, jadi datanya tidak "
            "ditampilkan. Pilih unit Anda sendiri.",
        )
    try:
        return k.akses.unit(unitup)
    except MasukanTidakSah:
        raise TidakAda(f"Unit {unitup}") from None


def bulan(thblrek: Annotated[str, Path()]) -> str:
    """Return the billing month of the path."""
    return periksa_thblrek(thblrek)


def sesi_dilihat(k: K, h: H, nomor: Annotated[str, Path(max_length=64)]) -> Sesi:
    """Return the session of the path.

    :raises TidakAda: there is none, or it is of a unit the person does not see: the two read the same.
    """
    with k.data.buku.transaksi() as conn:
        s = sesi.bernomor(conn, nomor)
    if s is None or not h.lihat(s.unitup):
        raise TidakAda(f"Sesi {nomor}" if nomor.isprintable() else "Sesi itu")
    return s


UnitDilihat = Annotated[Unit, Depends(unit)]
Bulan = Annotated[str, Depends(bulan)]
SesiDilihat = Annotated[Sesi, Depends(sesi_dilihat)]


def sekarang() -> str:
    """Return the server's clock."""
    return datetime.now(UTC).isoformat()


def datar(nilai: Any) -> Any:
    """Return a value as JSON holds it: decimals as canonical text, instants with their offset."""
    if isinstance(nilai, Decimal):
        return kanonik(nilai)
    if isinstance(nilai, datetime):
        return nilai.isoformat()
    if isinstance(nilai, dict):
        return {k: datar(v) for k, v in nilai.items()}
    if isinstance(nilai, list | tuple | Iterator):
        return [datar(n) for n in nilai]
    return nilai
