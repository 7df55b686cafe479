"""Builds the page. Each of its routes stands behind the door (``pintu.py``)."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ap2t.galat import GalatPengesahan
from ap2t.web import masalah
from ap2t.web.data import Data
from ap2t.web.kolam import RuteKolam
from ap2t.web.konteks import Konteks
from ap2t.web.orang import Penjaga
from ap2t.web.pintu import Pintu
from ap2t.web.rute import dilihat, kelompok, muka, pelanggan, pembatalan, pengembalian, sesi, verifikasi


def buat_inti(konteks: Konteks) -> FastAPI:
    """Return the routes without the door. Only :func:`buat_aplikasi` and tests may serve them."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.konteks = konteks
    for modul in (muka, kelompok, sesi, dilihat, pelanggan, pengembalian, pembatalan, verifikasi):
        app.include_router(modul.rute)
    if asing := [rute for rute in app.routes if not isinstance(rute, RuteKolam)]:
        raise TypeError(f"{asing}: a route of the page is a RuteKolam; else it would wait in threads of Airflow's")
    app.add_middleware(masalah.Penangkap)
    for galat in (masalah.Masalah, GalatPengesahan, RequestValidationError, HTTPException):
        app.add_exception_handler(galat, masalah.tangani)
    return app


def buat_aplikasi(penjaga: Penjaga) -> Pintu:
    """Return the page behind its door, reading what the environment names.

    :param penjaga: knows who is logged in.
    """
    konteks = Konteks(Data())
    return Pintu(buat_inti(konteks), penjaga, konteks)
