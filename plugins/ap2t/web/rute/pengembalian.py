"""Who was sent back in a unit's month: the list, and the same as a file for the vendor."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from ap2t.domain.model import Unit
from ap2t.domain.status import TindakLanjut
from ap2t.lihat.lembar import tulis_csv
from ap2t.lihat.pengembalian import BarisPengembalian, DaftarPengembalian, pengembalian_bulan
from ap2t.lihat.status_pelanggan import Mata
from ap2t.web.kolam import RuteKolam
from ap2t.web.konteks import BulanDilihat, JawabanJson, Konteks, KonteksRute, UnitDilihat

rute = APIRouter(route_class=RuteKolam)


def _cari(konteks: Konteks, unit: Unit, thblrek: str, saat: datetime) -> DaftarPengembalian:
    return pengembalian_bulan(Mata(konteks.data.buku, konteks.data.acmt, sekarang=saat), unit.unitup, thblrek)


@rute.get("/api/unit/{unitup}/{thblrek}/pengembalian")
def daftar_pengembalian(konteks: KonteksRute, unit: UnitDilihat, thblrek: BulanDilihat) -> JawabanJson:
    """Return every customer of the unit's month that was sent back, with how many there are of each state."""
    saat = datetime.now(UTC)
    daftar = _cari(konteks, unit, thblrek, saat)
    baris = [satu._asdict() for satu in daftar.baris]
    return JawabanJson({"sekarang": saat, "galat_acmt": daftar.galat, "jumlah": daftar.jumlah, "baris": baris})


@rute.get("/api/unit/{unitup}/{thblrek}/pengembalian.csv")
def berkas_pengembalian(
    konteks: KonteksRute,
    unit: UnitDilihat,
    thblrek: BulanDilihat,
    keadaan: Annotated[list[TindakLanjut] | None, Query()] = None,
) -> Response:
    """Return the customers in these states as CSV; without one all."""
    daftar = _cari(konteks, unit, thblrek, datetime.now(UTC))
    teks = io.StringIO(newline="")
    baris = (satu._asdict() for satu in daftar.baris if not keadaan or satu.keadaan in keadaan)
    tulis_csv(teks, BarisPengembalian._fields, baris, unit.zona_waktu)
    kepala = {"Content-Disposition": f'attachment; filename="dikembalikan-{unit.unitup}-{thblrek}.csv"'}
    isi = teks.getvalue().encode("utf-8-sig")  # the mark tells Excel
    return Response(isi, media_type="text/csv; charset=utf-8", headers=kepala)
