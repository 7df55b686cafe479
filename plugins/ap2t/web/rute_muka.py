"""The page itself, its files, who is asking, and which session a run belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from ap2t import setelan
from ap2t.domain.model import Unit
from ap2t.galat import GalatPengesahan
from ap2t.ledger import sesi
from ap2t.ledger.mesin import jalankan
from ap2t.web.ingatan import Ingatan
from ap2t.web.konteks import H, Jawaban, K, Konteks, sekarang
from ap2t.web.masalah import TidakAda
from ap2t.web.statis import MUKA, berkas

rute = APIRouter()
BULAN_MAKS = 36
"""Months of a unit that are offered, the newest."""
Dikenal = tuple[frozenset[str], Mapping[str, date]]
"""Months the ledger knows of a unit; months of its calendar with the day reading begins."""
_bulan: Ingatan[Dikenal] = Ingatan(2000, 60)
_semua: Ingatan[dict[str, Dikenal]] = Ingatan(1, 60)


@rute.get("/")
async def muka(permintaan: Request) -> Response:
    """Return the page."""
    return _kirim(permintaan, MUKA)


@rute.get("/statis/{nama:path}")
async def statis(permintaan: Request, nama: str) -> Response:
    """Return one of the page's files."""
    return _kirim(permintaan, nama)


def _kirim(permintaan: Request, nama: str) -> Response:
    b = berkas(nama)
    if b is None:
        raise TidakAda("Berkas halaman ini")
    kepala = {"Cache-Control": "private, no-cache", "ETag": b.etag}
    if permintaan.headers.get("if-none-match") == b.etag:
        return Response(status_code=304, headers=kepala)
    return Response(b.isi, headers={**kepala, "Content-Type": b.jenis})


@rute.get("/api/saya")
def saya(k: K, h: H) -> Jawaban:
    """Return who asks, and which units and months they see."""
    unit = k.akses.semua_unit() if h.semua else dict(h.bertindak)
    if h.semua:
        bulan = _semua.ambil("semua", lambda: _semua_bulan(k))
    else:
        bulan = {u: _bulan.ambil(u, partial(_bulan_unit, k, u)) for u in unit}
    kosong: Dikenal = (frozenset(), {})
    return Jawaban(
        {
            "username": h.orang.username,
            "peran": h.peran,
            "boleh_bertindak": bool(h.bertindak),
            "unit": [_unit(h, unit[u], bulan.get(u, kosong)) for u in sorted(unit)],
            "kelompok": list(setelan.kelompok()),
            "sekarang": sekarang(),
            "masuk_url": "../api/v2/auth/login",
        }
    )


def _unit(h: H, u: Unit, dikenal: Dikenal) -> dict[str, Any]:
    """A unit with the months of ledger and calendar, the newest first, and the one whose reading began last."""
    buku, kalender = dikenal
    hari_ini = datetime.now(UTC).astimezone(ZoneInfo(u.zona_waktu)).date()
    mulai = {b: hari for b, hari in kalender.items() if hari <= hari_ini}
    semua = sorted(buku | set(kalender), reverse=True)[:BULAN_MAKS]
    kini = max(mulai, key=lambda b: (mulai[b], b)) if mulai else None
    return {
        "unitup": u.unitup,
        "nama": u.nama,
        "zona_waktu": u.zona_waktu,
        "bulan": semua,
        "bulan_kini": kini or (semua[0] if semua else None),
        "boleh_bertindak": u.unitup in h.bertindak,
    }


def _bulan_unit(k: Konteks, unitup: str) -> Dikenal:
    with k.data.buku.lihat() as conn:
        buku = frozenset(jalankan(conn, "tampilan_bulan", unitup=unitup).scalars())
    try:
        return buku, k.data.acmt.bulan(unitup)
    except GalatPengesahan:
        return buku, {}


def _semua_bulan(k: Konteks) -> dict[str, Dikenal]:
    """The same for every unit, in two questions."""
    buku: dict[str, set[str]] = {}
    with k.data.buku.lihat() as conn:
        for b in jalankan(conn, "tampilan_bulan_semua"):
            buku.setdefault(b.unitup, set()).add(b.thblrek)
    try:
        kalender = k.data.acmt.semua_bulan()
    except GalatPengesahan:
        kalender = {}
    return {u: (frozenset(buku.get(u, ())), kalender.get(u, {})) for u in {*buku, *kalender}}


@rute.get("/api/run")
def run(k: K, h: H, dag_id: str, run_id: str) -> Jawaban:
    """Return the session of a run."""
    with k.data.buku.lihat() as conn:
        s = sesi.milik_run(conn, dag_id, run_id)
    if s is None or not h.lihat(s.unitup):
        raise TidakAda("Sesi run ini (belum dibuka, bukan run pengesahan, atau milik unit lain)")
    return Jawaban({"nomor": s.nomor, "unitup": s.unitup, "thblrek": s.thblrek, "hari_baca": s.hari_baca})
