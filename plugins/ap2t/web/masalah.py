"""Errors as the page gets them: RFC 9457 problem details with a sentence a person can act on."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ap2t.galat import (
    Ap2tMelanggarKontrak,
    Ap2tTidakPasti,
    Ap2tTidakTerjangkau,
    BukuMenolak,
    BukuTidakTerjangkau,
    GalatAp2t,
    GalatPengesahan,
    MasukanTidakSah,
    SumberTidakSesuai,
    SumberTidakTerjangkau,
    WewenangKurang,
)
from ap2t.web.ingatan import MasihDicari

log = logging.getLogger(__name__)
_JUDUL = {
    400: "Permintaan tidak sah",
    401: "Belum masuk",
    403: "Tidak berwenang",
    404: "Tidak ditemukan",
    405: "Permintaan tidak sah",
    409: "Sedang dikerjakan",
    413: "Terlalu besar",
    415: "Permintaan tidak sah",
    429: "Sedang dikerjakan",
    500: "Kesalahan",
    502: "Sistem lain bermasalah",
    503: "Belum dapat dilayani",
}
_STATUS: Mapping[type[GalatPengesahan], tuple[int, str]] = {
    MasukanTidakSah: (400, "MASUKAN"),
    WewenangKurang: (403, "WEWENANG"),
    BukuTidakTerjangkau: (503, "BUKU"),
    BukuMenolak: (500, "BUKU"),
    SumberTidakSesuai: (502, "ACMT"),
    SumberTidakTerjangkau: (503, "ACMT"),
    Ap2tMelanggarKontrak: (502, "AP2T"),
    Ap2tTidakTerjangkau: (503, "AP2T"),
    Ap2tTidakPasti: (503, "AP2T"),
    GalatAp2t: (502, "AP2T"),
    MasihDicari: (503, "SIBUK"),
}
TUNGGU = 5
"""Seconds after which what could not be served is worth another look (Retry-After)."""


class Masalah(Exception):
    """What is answered instead: an HTTP status, a code for programs, and a sentence for a person.

    :param tunggu: seconds after which to ask again; None: asking again is of no use, or its time is not known.
    """

    def __init__(self, status: int, kode: str, kalimat: str, *, tunggu: int | None = None) -> None:
        super().__init__(kalimat)
        self.status, self.kode, self.tunggu = status, kode, tunggu

    @property
    def kepala(self) -> dict[str, str] | None:
        """Headers that go with it."""
        return None if self.tunggu is None else {"Retry-After": str(self.tunggu)}

    def jawaban(self) -> JSONResponse:
        """Return it as a response. A sentence that quotes what is no text is still one."""
        isi = {
            "title": _JUDUL.get(self.status, "Kesalahan"),
            "status": self.status,
            "detail": str(self).encode(errors="replace").decode(),
            "kode": self.kode,
        }
        return JSONResponse(isi, self.status, self.kepala, media_type="application/problem+json")


class TidakAda(Masalah):
    """There is no such thing, or it is another unit's: the two read the same."""

    def __init__(self, apa: str) -> None:
        super().__init__(
            404, "TIDAK_ADA", f"{apa} tidak ditemukan. Periksa alamatnya, atau kembali ke daftar kelompok."
        )


def jadi_masalah(galat: Exception) -> Masalah:
    """Return an error as it is answered. The sentences of the project's own are meant for people."""
    if isinstance(galat, Masalah):
        return galat
    if isinstance(galat, GalatPengesahan):
        status, kode = next((isi for jenis, isi in _STATUS.items() if isinstance(galat, jenis)), (500, "GALAT"))
        return Masalah(status, kode, str(galat), tunggu=TUNGGU if status == 503 else None)
    if isinstance(galat, RequestValidationError):  # no value is repeated, and no name of the sender's own
        salah: list[Any] = list(galat.errors())
        letak = [satu["loc"] for satu in salah if satu.get("loc") and satu.get("type") != "extra_forbidden"]
        isian = {nama for satu in letak for nama in [bagian for bagian in satu if isinstance(bagian, str)][-1:]}
        sebut = ", ".join(sorted(nama for nama in isian if re.fullmatch("[a-z0-9_]{1,40}", nama)))
        return Masalah(400, "MASUKAN", f"Isian {sebut or 'permintaan'} tidak sah. Muat ulang halaman ini.")
    if isinstance(galat, HTTPException):  # refused by the framework itself: no such address, no such method
        if galat.status_code == 404:
            return TidakAda("Alamat ini")
        return Masalah(galat.status_code, "PERMINTAAN", "Permintaan ini tidak dikenal. Muat ulang halaman ini.")
    return tak_terduga(galat)


async def tangani(_: Request, galat: Exception) -> JSONResponse:
    """Answer an error."""
    return jadi_masalah(galat).jawaban()


class Penangkap:
    """Answers an error nobody foresaw before the framework's own handler writes its text into the log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        mulai = False

        async def teruskan(pesan: Message) -> None:
            nonlocal mulai
            mulai = True
            await send(pesan)

        try:
            await self.app(scope, receive, teruskan)
        except Exception as galat:
            masalah = tak_terduga(galat)
            if mulai:  # the answer breaks off; what is raised says nothing of what was in it
                raise RuntimeError("jawaban terputus") from None
            await masalah.jawaban()(scope, receive, send)


def tak_terduga(galat: Exception) -> Masalah:
    """Return the answer to an unforeseen error. Its text may hold a customer's data, so only its place is logged."""
    di = "-"
    for frame, baris in traceback.walk_tb(galat.__traceback__):
        di = f"{frame.f_code.co_filename}:{baris}"
    log.error("Halaman pengesahan: %s di %s", type(galat).__name__, di)
    return Masalah(500, "GALAT", "Ada kesalahan pada halaman ini. Ulangi; bila tetap, beri tahu pengelola Airflow.")
