"""The table of a unit's kelompok."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter

from ap2t.web.kelompok import baris_json, jumlah
from ap2t.web.kolam import RuteKolam
from ap2t.web.konteks import Bulan, H, Jawaban, K, UnitDilihat, sekarang
from ap2t.web.pelanggan.daftar import segar

rute = APIRouter(route_class=RuteKolam)


@rute.get("/api/unit/{unitup}/{thblrek}/kelompok")
def kelompok(konteks: K, hak: H, unit: UnitDilihat, thblrek: Bulan) -> Jawaban:
    """Return every kelompok of the unit's month with its figures and its last session."""
    tabel = konteks.kelompok.tabel(unit, thblrek, konteks.penyegar.kini(unit.unitup, thblrek))
    kini = datetime.now(UTC)
    konteks.penyegar.pantau(unit.unitup, thblrek, segar(tabel, unit, kini))
    isi: dict[str, Any] = {
        "sekarang": sekarang(),
        "galat_acmt": tabel.galat_acmt or konteks.penyegar.galat(unit.unitup, thblrek),
        "baris": [baris_json(baris, hak.orang.username, unit.zona_waktu, kini) for baris in tabel.baris],
        "jumlah": jumlah(tabel.baris),
    }
    return Jawaban(isi)
