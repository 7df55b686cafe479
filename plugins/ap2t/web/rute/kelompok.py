"""The table of a unit's kelompok."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter

from ap2t.web.kelompok import baris_json, jumlah
from ap2t.web.kolam import RuteKolam
from ap2t.web.konteks import BulanDilihat, HakPeminta, JawabanJson, KonteksRute, UnitDilihat
from ap2t.web.pelanggan.daftar import segar

rute = APIRouter(route_class=RuteKolam)


@rute.get("/api/unit/{unitup}/{thblrek}/kelompok")
def semua_kelompok(konteks: KonteksRute, hak: HakPeminta, unit: UnitDilihat, thblrek: BulanDilihat) -> JawabanJson:
    """Return every kelompok of the unit's month with its figures and its last session."""
    kini = datetime.now(UTC)
    tabel = konteks.kelompok.tabel(unit, thblrek, konteks.penyegar.kini(unit.unitup, thblrek))
    konteks.penyegar.pantau(unit.unitup, thblrek, segar(tabel, unit, kini))
    return JawabanJson(
        {
            "sekarang": kini,
            "galat_acmt": tabel.galat_acmt or konteks.penyegar.galat(unit.unitup, thblrek),
            "baris": [baris_json(baris, hak.orang.username, unit.zona_waktu, kini) for baris in tabel.baris],
            "jumlah": jumlah(tabel.baris),
        }
    )
