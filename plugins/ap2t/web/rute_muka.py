"""The page itself, its files, who is asking, and which session a run belongs to."""

from __future__ import annotations

from datetime import UTC, date, datetime
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
_bulan: Ingatan[tuple[list[str], str | None]] = Ingatan(2000, 60)


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
    return Jawaban(
        {
            "username": h.orang.username,
            "peran": h.peran,
            "boleh_bertindak": bool(h.bertindak),
            "unit": [_unit(k, h, unit[u]) for u in sorted(unit)],
            "kelompok": list(setelan.kelompok()),
            "sekarang": sekarang(),
            "masuk_url": "../api/v2/auth/login",
        }
    )


def _unit(k: Konteks, h: H, u: Unit) -> dict[str, Any]:
    bulan, kini = _bulan.ambil(u.unitup, lambda: _bulan_unit(k, u))
    return {
        "unitup": u.unitup,
        "nama": u.nama,
        "zona_waktu": u.zona_waktu,
        "bulan": bulan,
        "bulan_kini": kini,
        "boleh_bertindak": u.unitup in h.bertindak,
    }


def _bulan_unit(k: Konteks, u: Unit) -> tuple[list[str], str | None]:
    """Months of calendar and ledger, the newest first; and the one whose reading began last."""
    with k.data.buku.lihat() as conn:
        dikenal = set(jalankan(conn, "tampilan_bulan", unitup=u.unitup).scalars())
    try:
        kalender = k.data.acmt.bulan(u.unitup)
    except GalatPengesahan:
        kalender = {}
    hari_ini = datetime.now(UTC).astimezone(ZoneInfo(u.zona_waktu)).date()
    mulai: dict[str, date] = {b: hari for b, hari in kalender.items() if hari <= hari_ini}
    semua = sorted(dikenal | set(kalender), reverse=True)[:BULAN_MAKS]
    kini = max(mulai, key=lambda b: (mulai[b], b)) if mulai else None
    return semua, kini or (semua[0] if semua else None)


@rute.get("/api/run")
def run(k: K, h: H, dag_id: str, run_id: str) -> Jawaban:
    """Return the session of a run."""
    with k.data.buku.lihat() as conn:
        s = sesi.milik_run(conn, dag_id, run_id)
    if s is None or not h.lihat(s.unitup):
        raise TidakAda("Sesi run ini (belum dibuka, bukan run pengesahan, atau milik unit lain)")
    return Jawaban({"nomor": s.nomor, "unitup": s.unitup, "thblrek": s.thblrek, "hari_baca": s.hari_baca})
