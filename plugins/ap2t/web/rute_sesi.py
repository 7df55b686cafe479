"""One session: what it holds, who was asked, how far it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse

from ap2t.proses import rincian_sesi
from ap2t.web.ingatan import Ingatan
from ap2t.web.konteks import H, K, SesiDilihat, datar

rute = APIRouter()
_rekap: Ingatan[dict[str, Any]] = Ingatan(500, 3600)


@rute.get("/api/sesi/{nomor}")
def satu(k: K, h: H, s: SesiDilihat) -> JSONResponse:
    """Return everything about a session."""
    with k.data.buku.transaksi() as conn:
        rekap = None
        if s.rekap is not None:
            rekap = _rekap.ambil(s.nomor, lambda: rincian_sesi.rekap(conn, s) or {}, s.sidik)
        return JSONResponse(datar(rincian_sesi.rincian(conn, s, h.orang.username, rekap, datetime.now(UTC))))
