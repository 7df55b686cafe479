"""The page itself, its files, the words of the codes, who is asking, and which session a run belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ap2t import setelan
from ap2t.domain.kata import untuk_halaman
from ap2t.domain.model import Unit
from ap2t.galat import GalatPengesahan
from ap2t.web import statis
from ap2t.web.akses import Hak
from ap2t.web.ingatan import Ingatan
from ap2t.web.kolam import RuteKolam
from ap2t.web.konteks import HakPeminta, JawabanJson, Konteks, KonteksRute
from ap2t.web.masalah import TidakAda
from ap2t.web.statis import BerkasHalaman

rute = APIRouter(route_class=RuteKolam)
IdAirflow = Annotated[str, Query(max_length=250)]
"""As long as Airflow's own columns are."""
TETAP = "private, max-age=31536000, immutable"
"""Of what is always the same under its address."""
BULAN_MAKS = 36
"""Months of a unit that are offered, the newest."""
BulanDikenal = tuple[frozenset[str], Mapping[str, date]]
"""Months that the ledger knows of a unit, and those of its calendar with the day reading begins."""
KalenderUnit = Mapping[str, Mapping[str, date]]
_buku: Ingatan[Mapping[str, frozenset[str]]] = Ingatan(2000, 60)
_kalender: Ingatan[KalenderUnit] = Ingatan(2000, 60)
"""Both by unit: under its code that one, under None all units."""


@rute.get("/")
async def muka(permintaan: Request) -> Response:
    """Return the page."""
    return _kirim_berkas(permintaan, statis.muka())


@rute.get("/statis/{nama:path}")
async def berkas_statis(permintaan: Request, nama: str) -> Response:
    """Return one of the page's files."""
    return _kirim_berkas(permintaan, statis.berkas(nama))


def _kirim_berkas(permintaan: Request, ada: BerkasHalaman | None) -> Response:
    if ada is None:
        raise TidakAda("Berkas halaman ini")
    kepala = {"Cache-Control": TETAP if ada.tetap else "private, no-cache", "ETag": ada.etag}
    if permintaan.headers.get("if-none-match") == ada.etag:
        return Response(status_code=304, headers=kepala)
    return Response(ada.isi, headers={**kepala, "Content-Type": ada.jenis})


@rute.get("/api/kata")
async def kata(versi: Annotated[str, Query(pattern="^[0-9a-f]{0,16}$")] = "") -> JawabanJson:
    """Return the words for the ledger's codes. ``versi``: which ones, so that a browser may keep them."""
    return JawabanJson(untuk_halaman(), headers={"Cache-Control": TETAP} if statis.kini(versi) else None)


@rute.get("/api/saya")
def saya(konteks: KonteksRute, hak: HakPeminta) -> JawabanJson:
    """Return who asks, which units and months they see, and which gates of any month wait for them."""
    unit = konteks.akses.semua_unit() if hak.semua else dict(hak.bertindak)
    dikenal: dict[str, BulanDikenal] = {}
    galat = list(hak.galat)
    for unitup in [None] if hak.semua else list(unit):
        buku = _buku.ambil(unitup, partial(_bulan_buku, konteks, unitup))
        kalender, sebab = _kalender.ambil_atau_lama(unitup, partial(_bulan_kalender, konteks, unitup))
        kalender = kalender or {}
        galat += [sebab] if sebab else []
        dikenal |= {kode: (buku.get(kode, frozenset()), kalender.get(kode, {})) for kode in {*buku, *kalender}}
    kosong: BulanDikenal = (frozenset(), {})
    try:
        menunggu = _menunggu(konteks, hak)
    except GalatPengesahan as diam:  # everything else is told from what is remembered
        menunggu, galat = [], [*galat, str(diam)]
    return JawabanJson(
        {
            "username": hak.orang.username,
            "peran": hak.peran,
            "boleh_bertindak": bool(hak.bertindak),
            "unit": [_unit_json(hak, unit[kode], dikenal.get(kode, kosong)) for kode in sorted(unit)],
            "galat_acmt": " ".join(dict.fromkeys(galat)) or None,
            "menunggu": menunggu,
            "kelompok": list(setelan.kelompok()),
            "sekarang": datetime.now(UTC),
            "masuk_url": "../api/v2/auth/login",
        }
    )


def _menunggu(konteks: Konteks, hak: Hak) -> list[dict[str, Any]]:
    with konteks.data.buku.lihat() as tx:
        ditanya = tx.jalankan("tampilan_menunggu", unit=list(hak.bertindak), username=hak.orang.username)
        return [dict(baris) for baris in ditanya.mappings()]


def _unit_json(hak: HakPeminta, unit: Unit, dikenal: BulanDikenal) -> dict[str, Any]:
    """A unit with the months of ledger and calendar, the newest first, and the one whose reading began last."""
    buku, kalender = dikenal
    hari_ini = datetime.now(UTC).astimezone(ZoneInfo(unit.zona_waktu)).date()
    mulai = {thblrek: hari for thblrek, hari in kalender.items() if hari <= hari_ini}
    semua = sorted(buku | set(kalender), reverse=True)[:BULAN_MAKS]
    kini = max(mulai, key=lambda thblrek: (mulai[thblrek], thblrek)) if mulai else None
    return {
        "unitup": unit.unitup,
        "nama": unit.nama,
        "zona_waktu": unit.zona_waktu,
        "bulan": semua,
        "bulan_kini": kini or (semua[0] if semua else None),
        "boleh_bertindak": unit.unitup in hak.bertindak,
    }


def _bulan_buku(konteks: Konteks, unitup: str | None) -> Mapping[str, frozenset[str]]:
    """Months the ledger knows of a unit, or of each."""
    hasil: dict[str, set[str]] = {}
    with konteks.data.buku.lihat() as tx:
        if unitup is not None:
            return {unitup: frozenset(tx.jalankan("tampilan_bulan", unitup=unitup).scalars())}
        for baris in tx.jalankan("tampilan_bulan_semua"):
            hasil.setdefault(baris.unitup, set()).add(baris.thblrek)
    return {kode: frozenset(bulan) for kode, bulan in hasil.items()}


def _bulan_kalender(konteks: Konteks, unitup: str | None) -> KalenderUnit:
    """Months of a unit's calendar, or of each unit's."""
    return konteks.data.acmt.semua_bulan() if unitup is None else {unitup: konteks.data.acmt.bulan(unitup)}


@rute.get("/api/run")
def sesi_run(konteks: KonteksRute, hak: HakPeminta, dag_id: IdAirflow, run_id: IdAirflow) -> JawabanJson:
    """Return the session of a run."""
    with konteks.data.buku.lihat() as tx:
        sesi = tx.sesi.milik_run(dag_id, run_id)
    if sesi is None or not hak.lihat(sesi.unitup):
        raise TidakAda("Sesi run ini (belum dibuka, bukan run pengesahan, atau milik unit lain)")
    return JawabanJson(
        {"nomor": sesi.nomor, "unitup": sesi.unitup, "thblrek": sesi.thblrek, "hari_baca": sesi.hari_baca}
    )
