"""The AP2T sandbox: the whole contract (docs/kontrak/ap2t.openapi.yaml) over HTTP, on a durable store.

``python -m sandbox.ap2t_server --toko FILE --port 0`` prints ``URL: http://…`` once it listens.

Stricter than the schema in one point: unknown keys in a body are refused (400), so that nothing beyond the
contract (a name, an address) leaves unnoticed. Every 400, 413 or unknown path is logged as ``pelanggaran``, and so are
numbers that are not canonical and rows over 2000 hours.

Not part of the contract, for demos and tests (header ``X-Kendali-Token`` when one is set), all under ``/_sandbox``:

- ``POST /pelanggan`` ``{baris: [{idpel, unitup, thblrek, hari_baca, daya}]}``; ``POST /pengguna``
  ``{username, password, unitup: [], peran: []}``
- ``POST /suplai_stan`` ``{unitup, thblrek, hari_baca, idpel?, dari?: [0, 1]}`` lifts rows to 3; ``POST /posting_lain``
  ``{…, baris: [{idpel, sahlwbp, sahwbp, sahkvarh, pemkwh}], oleh?, no_pengesahan?}`` and ``POST /batal_lain``
  ``{…, idpel, oleh?}`` act as others would; ``POST /tolak`` ``{…, idpel, kode}`` has rows refused (kode null: no more);
  ``POST /periode`` ``{…, terbuka}`` (hari_baca ``*``: the whole month)
- ``GET /baris?unitup&thblrek&hari_baca``, ``GET /log/jejak|kiriman|pelanggaran?kunci&idpel&unitup``, ``GET /ringkasan``
- ``POST /gangguan`` a fault (:class:`Gangguan`), ``GET``, ``DELETE``; ``POST /token`` ``{umur?, hanguskan?}``;
  ``POST /reset`` ``{data?}``
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import re
import secrets
import socket
import threading
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.ap2t_toko import SEMUA_KELOMPOK, Batch, Kelompok, Pengguna, Toko, TokoMenolak

Model = TypeVar("Model", bound=BaseModel)
BADAN_MAKS = 4 * 1024 * 1024
PUTUS = "sandbox.putus"
KENDALI = "AP2T_SANDBOX_KENDALI"
"""Environment: the secret of ``/_sandbox``. Not an argument: those are readable by everyone on the machine."""
POLA = {
    "unitup": r"^[0-9]{5}$",
    "thblrek": r"^[0-9]{4}(0[1-9]|1[0-2])$",
    "hari_baca": r"^[A-Z0-9]{1,2}$",
    "idpel": r"^[0-9]{12}$",
    "angka": r"^[0-9]{1,12}([.][0-9]{1,6})?$",
}
TIDAK_KANONIK = re.compile(r"[.][0-9]*0$")


class Masalah(Exception):
    """An answer as problem+json. ``langgar`` marks a request that broke the contract."""

    def __init__(
        self, status: int, kode: str, judul: str, *, tunggu: float | None = None, langgar: bool = False
    ) -> None:
        super().__init__(judul)
        self.status, self.kode, self.judul, self.tunggu, self.langgar = status, kode, judul, tunggu, langgar

    def jawaban(self) -> Response:
        """Render RFC 9457."""
        isi = {"type": "about:blank", "title": self.judul, "status": self.status, "kode": self.kode}
        kepala = {} if self.tunggu is None else {"Retry-After": f"{self.tunggu:g}"}
        return Response(json.dumps(isi), self.status, kepala, "application/problem+json")


# --- what a request may hold -------------------------------------------------------------------------------


def _tanggal(nilai: str) -> str:
    date.fromisoformat(nilai)
    return nilai


Unitup = Annotated[str, Field(pattern=POLA["unitup"])]
Thblrek = Annotated[str, Field(pattern=POLA["thblrek"])]
HariBaca = Annotated[str, Field(pattern=POLA["hari_baca"])]
Idpel = Annotated[str, Field(pattern=POLA["idpel"])]
Angka = Annotated[str, Field(pattern=POLA["angka"])]
Tanggal = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_tanggal)]
Nomor = Annotated[str, Field(max_length=64)]


class Ketat(BaseModel):
    """A body with no unknown key and no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Masuk(Ketat):
    """Body of a login."""

    username: str
    password: str


class Bacaan(Ketat):
    """One reading to post."""

    idpel: Idpel
    slalwbp: Angka
    sahlwbp: Angka
    slawbp: Angka | None = None
    sahwbp: Angka | None = None
    slakvarh: Angka | None = None
    sahkvarh: Angka | None = None
    pemkwh: Angka
    jam_nyala: Angka
    tgl_baca: Tanggal


class BarisBatal(Ketat):
    """One approval to cancel."""

    idpel: Idpel
    no_pengesahan: Nomor


class IsiBatch(Ketat):
    """What both kinds of batch share."""

    unitup: Unitup
    thblrek: Thblrek
    hari_baca: HariBaca


class IsiPosting(IsiBatch):
    """Body of a posting."""

    no_pengesahan: Nomor
    baris: Annotated[list[Bacaan], Field(min_length=1, max_length=1000)]


class IsiPembatalan(IsiBatch):
    """Body of a pembatalan."""

    no_pembatalan: Nomor
    alasan: Annotated[str, Field(min_length=10, max_length=500)]
    baris: Annotated[list[BarisBatal], Field(min_length=1, max_length=1000)]


def periksa_badan(model: type[Model], badan: bytes) -> Model:
    """Check a body against its model.

    :raises Masalah: 413 for more than 1000 rows, else 400 naming the place.
    """
    try:
        return model.model_validate_json(badan)
    except ValidationError as galat:
        cacat = galat.errors(include_url=False, include_input=False, include_context=False)
    if any(satu["type"] == "too_long" and satu["loc"] == ("baris",) for satu in cacat):
        raise Masalah(413, "BATCH_TERLALU_BESAR", "Satu batch paling banyak 1000 baris.", langgar=True)
    tempat = ", ".join(".".join(map(str, satu["loc"])) or "badan" for satu in cacat[:5])
    raise Masalah(400, "DATA_TIDAK_VALID", f"Isi tidak sesuai kontrak: {tempat}", langgar=True)


def periksa_nilai(pola: str, nilai: str | None) -> str:
    """Check one path or query value."""
    if nilai is None or not re.fullmatch(POLA[pola], nilai):
        raise Masalah(400, "DATA_TIDAK_VALID", f"Nilai {pola} tidak sesuai kontrak", langgar=True)
    return nilai


def periksa_kunci(nilai: str | None) -> str:
    """Check an idempotency key: a UUID in its usual form."""
    try:
        if nilai is not None and str(uuid.UUID(nilai)) == nilai.lower():
            return nilai.lower()
    except ValueError:
        pass
    raise Masalah(400, "KUNCI_TIDAK_SAH", "Idempotency-Key harus UUID", langgar=True)


# --- who asks ---------------------------------------------------------------------------------------------


class Sesi:
    """Bearer tokens in memory. A restart makes all of them expire, as may happen in the middle of a run."""

    def __init__(self, toko: Toko, umur: int) -> None:
        self.toko, self.umur = toko, umur
        self._token: dict[str, tuple[Pengguna, float]] = {}

    def masuk(self, isi: Masuk) -> dict[str, Any]:
        """Log in, or raise 401."""
        orang = self.toko.masuk(isi.username, isi.password)
        if orang is None:
            raise Masalah(401, "MASUK_GAGAL", "Nama pengguna atau sandi salah")
        token = secrets.token_urlsafe(24)
        self._token[token] = (orang, time.monotonic() + self.umur)
        hak = {"unitup": list(orang.unitup), "peran": sorted(orang.peran)}
        return {"access_token": token, "token_type": "bearer", "expires_in": self.umur, **hak}

    def siapa(self, request: Request) -> Pengguna:
        """Return who holds the request's token, or raise 401."""
        jenis, _, token = request.headers.get("authorization", "").partition(" ")
        orang, sampai = self._token.get(token, (None, 0.0))
        if jenis.lower() != "bearer" or orang is None or time.monotonic() >= sampai:
            raise Masalah(401, "TOKEN_TIDAK_SAH", "Token tidak ada, tidak dikenal atau kedaluwarsa")
        return orang

    def hanguskan(self) -> int:
        """Let every token expire now."""
        jumlah = len(self._token)
        self._token.clear()
        return jumlah


def wajib_unit(orang: Pengguna, unitup: str | None, *, tulis: bool) -> None:
    """Raise 403 unless a writer is ADMIN_CMT of the unit, or a reader has the unit, or BACA without a list."""
    if tulis and "ADMIN_CMT" not in orang.peran:
        raise Masalah(403, "WEWENANG_KURANG", "Perlu peran ADMIN_CMT")
    semua = not tulis and "BACA" in orang.peran and not orang.unitup
    if unitup is not None and not semua and unitup not in orang.unitup:
        raise Masalah(403, "WEWENANG_KURANG", f"Tidak berwenang di unit {unitup}")


# --- faults ------------------------------------------------------------------------------------------------

Jenis = Literal["posting", "pembatalan", "batch", "tutup", "kelompok", "daftar", "token"]


MENUNGGU = ("latensi", "tahan")


class Gangguan(Ketat):
    """One fault.

    ``aksi``: what. ``jenis``: on which requests (empty: all). ``sisa``, ``peluang``: how many times, how often.

    - ``latensi``: the answer takes between ``detik`` and ``detik_maks``.
    - ``tahan``: the request is applied only after ``detik``, even when the sender has hung up.
    - ``galat``: answer ``status`` without applying (``tunggu``: Retry-After seconds); ``galat_sesudah``: after it.
    - ``hilang_sebelum``: the connection is cut, nothing is applied; ``hilang_sesudah``: applied, then cut.
    - ``rusak``: the answer is broken in the way ``cara``.
    """

    aksi: Literal["latensi", "tahan", "galat", "galat_sesudah", "hilang_sebelum", "hilang_sesudah", "rusak"]
    jenis: list[Jenis] = []
    sisa: int | None = None
    peluang: float = 1.0
    detik: float = 0.0
    detik_maks: float | None = None
    status: int = 503
    tunggu: float | None = None
    cara: Literal[
        "bukan_json", "baris_kurang", "baris_lebih", "baris_ganda", "kunci_salah", "status_asing", "kodeposting_salah",
        "tanpa_kode", "kursor_macet", "urutan_salah",
    ] = "bukan_json"  # fmt: skip

    def lama(self) -> float:
        """Return how long to wait, in seconds."""
        return self.detik if self.detik_maks is None else random.uniform(self.detik, self.detik_maks)  # noqa: S311


class Pengacau:
    """The faults in force, kept in the store so that a restarted sandbox misbehaves as before."""

    def __init__(self, toko: Toko) -> None:
        self._toko, self._kunci = toko, threading.Lock()
        self.daftar = [Gangguan.model_validate_json(isi) for isi in toko.gangguan()]

    def ubah(self, daftar: list[Gangguan]) -> None:
        """Replace the faults."""
        with self._kunci:
            self.daftar = daftar
            self._toko.simpan_gangguan(gangguan.model_dump_json() for gangguan in daftar)

    def pilih(self, jenis: Jenis) -> dict[str, Gangguan]:
        """Return the faults that hit this request, by aksi, and count them down.

        Waits add to one another fault; of several that decide the answer only the first hits.
        """
        if not self.daftar:
            return {}
        with self._kunci:
            kena: dict[str, Gangguan] = {}
            for gangguan in self.daftar:
                bebas = gangguan.aksi not in kena if gangguan.aksi in MENUNGGU else not (kena.keys() - MENUNGGU)
                cocok = bebas and (not gangguan.jenis or jenis in gangguan.jenis)
                if cocok and random.random() < gangguan.peluang:  # noqa: S311 - a fault, not a secret
                    kena[gangguan.aksi] = gangguan
                    gangguan.sisa = gangguan.sisa - 1 if gangguan.sisa is not None else None
            if any(gangguan.sisa is not None for gangguan in kena.values()):
                self.daftar = [gangguan for gangguan in self.daftar if gangguan.sisa is None or gangguan.sisa > 0]
                self._toko.simpan_gangguan(gangguan.model_dump_json() for gangguan in self.daftar)
            return kena


def _rusak_baris(cara: str, hasil: list[dict[str, Any]], jawaban: dict[str, Any]) -> None:
    """Break the rows of an answer in place."""
    ubahan: dict[str, Callable[[], object]] = {
        "baris_kurang": hasil.pop,
        "baris_lebih": lambda: hasil.append(hasil[0] | {"idpel": "999999999999"}),
        "baris_ganda": lambda: hasil.append(dict(hasil[0])),
        "kunci_salah": lambda: jawaban.update(kunci=str(uuid.uuid4())),
        "status_asing": lambda: hasil[0].update(status="MUNGKIN"),
        "kodeposting_salah": lambda: hasil[0].update(kodeposting=1 - (hasil[0]["kodeposting"] or 0)),
        "tanpa_kode": lambda: hasil[0].update(status="DITOLAK", kode=None),
        "urutan_salah": hasil.reverse,
        "kursor_macet": lambda: jawaban.update(kursor_berikut=hasil[0]["idpel"]),
    }
    ubahan[cara]()


def rusakkan(cara: str, badan: bytes) -> bytes:
    """Break an answer on purpose. One that has no rows to break becomes something that is not JSON."""
    if cara == "bukan_json":
        return b"<html>Bad Gateway</html>"
    isi = json.loads(badan)
    jawaban = isi.get("jawaban") or isi
    hasil = jawaban.get("hasil") or jawaban.get("baris")
    if not hasil:
        return b"<html>Bad Gateway</html>"
    _rusak_baris(cara, hasil, jawaban)
    return json.dumps(isi).encode()


Pesan = MutableMapping[str, Any]
Terima = Callable[[], Awaitable[Pesan]]
Kirim = Callable[[Pesan], Awaitable[None]]
Aplikasi = Callable[[Pesan, Terima, Kirim], Awaitable[None]]


def jenis_permintaan(metode: str, jalan: str) -> Jenis | None:
    """Name the kind of a request by its path, or None for anything outside the contract."""
    tetap: dict[tuple[str, str], Jenis] = {
        ("POST", "/auth/token"): "token",
        ("POST", "/v1/fungsi2/posting"): "posting",
        ("GET", "/v1/fungsi2/posting"): "daftar",
        ("POST", "/v1/fungsi2/pembatalan"): "pembatalan",
    }
    if jalan.startswith("/v1/fungsi2/kelompok/"):
        return "kelompok"
    if jalan.startswith("/v1/fungsi2/batch/"):
        return "tutup" if jalan.endswith("/tutup") else "batch"
    return tetap.get((metode, jalan))


class LapisanGangguan:
    """ASGI middleware that plays the faults around the contract's paths."""

    def __init__(self, app: Aplikasi, pengacau: Pengacau) -> None:
        self.app, self.pengacau = app, pengacau

    async def __call__(self, scope: Pesan, receive: Terima, send: Kirim) -> None:
        """Pass a request on, unless a fault hits it."""
        jenis = jenis_permintaan(scope["method"], scope["path"]) if scope["type"] == "http" else None
        kena = self.pengacau.pilih(jenis) if jenis else {}
        if kena:
            await self._ganggu(kena, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _ganggu(self, kena: dict[str, Gangguan], scope: Pesan, receive: Terima, send: Kirim) -> None:
        badan = await _baca_semua(receive)
        if badan is None:
            return
        for aksi in MENUNGGU:
            if aksi in kena:
                await asyncio.sleep(kena[aksi].lama())
        if "hilang_sebelum" in kena:
            await _putuskan(scope)
            return
        if "galat" in kena:
            await _kirim_galat(kena["galat"], scope, send)
            return
        pesan = await self._jalankan(scope, badan)
        if "hilang_sesudah" in kena:
            await _putuskan(scope)
        elif "galat_sesudah" in kena:
            await _kirim_galat(kena["galat_sesudah"], scope, send)
        elif "rusak" in kena and pesan[0]["status"] == 200:
            isi = rusakkan(kena["rusak"].cara, b"".join(bagian.get("body", b"") for bagian in pesan[1:]))
            await Response(isi, 200, media_type="application/json")(scope, receive, send)
        else:
            for bagian in pesan:
                await send(bagian)

    async def _jalankan(self, scope: Pesan, badan: bytes) -> list[Pesan]:
        """Run the application with the whole body, and keep its answer back."""
        pesan: list[Pesan] = []

        async def terima() -> Pesan:
            return {"type": "http.request", "body": badan, "more_body": False}

        async def simpan(isi: Pesan) -> None:
            pesan.append(isi)

        await self.app(scope, terima, simpan)
        return pesan


async def _baca_semua(receive: Terima) -> bytes | None:
    """Return the whole body, or None if the caller has gone before its end."""
    badan = b""
    while True:
        isi = await receive()
        if isi["type"] == "http.disconnect":
            return None
        badan += bytes(isi.get("body", b""))
        if not isi.get("more_body", False):
            return badan


async def _kirim_galat(gangguan: Gangguan, scope: Pesan, send: Kirim) -> None:
    kode = {429: "TERLALU_SERING", 503: "TIDAK_TERSEDIA"}.get(gangguan.status, "GALAT_DALAM")
    await Masalah(gangguan.status, kode, "Gangguan buatan sandbox", tunggu=gangguan.tunggu).jawaban()(
        scope, _baca_kosong, send
    )


async def _baca_kosong() -> Pesan:
    return {"type": "http.disconnect"}


async def _putuskan(scope: Pesan) -> None:
    """Cut the TCP connection without a byte of an answer (only under this module's server)."""
    scope["extensions"][PUTUS]["putus"]()
    await asyncio.sleep(0.01)


class Protokol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, which also hands the application a way to cut the connection."""

    def on_message_begin(self) -> None:
        """Add the way to cut to each request's scope."""
        super().on_message_begin()
        self.scope["extensions"] = {PUTUS: {"putus": self.transport.abort}}


# --- the contract -------------------------------------------------------------------------------------------


async def baca_badan(request: Request) -> bytes:
    """Return the raw body, or raise 413 beyond 4 MiB."""
    badan = await request.body()
    if len(badan) > BADAN_MAKS:
        raise Masalah(413, "BATCH_TERLALU_BESAR", "Badan permintaan lebih dari 4 MiB", langgar=True)
    return badan


Badan = Annotated[bytes, Depends(baca_badan)]


def _json(isi: str | dict[str, Any]) -> Response:
    return Response(isi if isinstance(isi, str) else json.dumps(isi), media_type="application/json")


def _kelompok(unitup: str | None, thblrek: str | None, hari_baca: str | None) -> Kelompok:
    return Kelompok(
        periksa_nilai("unitup", unitup), periksa_nilai("thblrek", thblrek), periksa_nilai("hari_baca", hari_baca)
    )


def _batch(request: Request, orang: Pengguna, isi: IsiPosting | IsiPembatalan, nomor: str) -> Batch:
    """Check what the schema cannot say, and make the batch. Its hash is over the values, not their layout."""
    kunci = periksa_kunci(request.headers.get("idempotency-key"))
    if len({bacaan.idpel for bacaan in isi.baris}) < len(isi.baris):
        raise Masalah(400, "DATA_TIDAK_VALID", "Satu idpel lebih dari sekali dalam batch", langgar=True)
    wajib_unit(orang, isi.unitup, tulis=True)
    sidik = hashlib.sha256(type(isi).__name__.encode() + isi.model_dump_json().encode()).hexdigest()
    kelompok = Kelompok(isi.unitup, isi.thblrek, isi.hari_baca)
    return Batch(kunci, orang.username, kelompok, nomor, sidik, [bacaan.model_dump() for bacaan in isi.baris])


def _catat_tidak_kanonik(toko: Toko, isi: IsiPosting) -> None:
    for bacaan in isi.baris:
        nilai = bacaan.model_dump(exclude={"idpel", "tgl_baca"}, exclude_none=True).values()
        if any(map(TIDAK_KANONIK.search, nilai)):
            toko.catat_pelanggaran("posting", "ANGKA_TIDAK_KANONIK", f"idpel {bacaan.idpel}")


def rute_kontrak(toko: Toko, sesi: Sesi) -> APIRouter:
    """Every path of the contract."""
    rute = APIRouter()
    _rute_umum(rute, toko, sesi)
    _rute_fungsi2(rute, toko, sesi)
    _rute_batch(rute, toko, sesi)
    return rute


def _rute_umum(rute: APIRouter, toko: Toko, sesi: Sesi) -> None:
    @rute.get("/sehat")
    def sehat() -> Response:
        return _json({"status": "up"})

    @rute.post("/auth/token")
    def token(badan: Badan) -> Response:
        return _json(sesi.masuk(periksa_badan(Masuk, badan)))

    @rute.get("/v1/fungsi2/kelompok/{unitup}/{thblrek}/{hari_baca}")
    def kelompok(request: Request, unitup: str, thblrek: str, hari_baca: str) -> Response:
        orang = sesi.siapa(request)
        kelompok = _kelompok(unitup, thblrek, hari_baca)
        wajib_unit(orang, unitup, tulis=False)
        keadaan = toko.keadaan(kelompok)
        if keadaan is None:
            raise Masalah(404, "KELOMPOK_TIDAK_DIKENAL", "Kelompok hari baca tidak dikenal")
        terbuka, jumlah = keadaan
        return _json(
            {
                **kelompok._asdict(),
                "terbuka": terbuka,
                "jumlah": {f"posting_{kode}": jumlah.get(kode, 0) for kode in (0, 1, 3)},
            }
        )


def _rute_fungsi2(rute: APIRouter, toko: Toko, sesi: Sesi) -> None:
    @rute.post("/v1/fungsi2/posting")
    def posting(request: Request, badan: Badan) -> Response:
        orang = sesi.siapa(request)
        isi = periksa_badan(IsiPosting, badan)
        batch = _batch(request, orang, isi, isi.no_pengesahan)
        _catat_tidak_kanonik(toko, isi)
        return _json(toko.posting(batch))

    @rute.post("/v1/fungsi2/pembatalan")
    def pembatalan(request: Request, badan: Badan) -> Response:
        orang = sesi.siapa(request)
        isi = periksa_badan(IsiPembatalan, badan)
        return _json(toko.pembatalan(_batch(request, orang, isi, isi.no_pembatalan)))

    @rute.get("/v1/fungsi2/posting")
    def daftar_posting(request: Request) -> Response:
        orang = sesi.siapa(request)
        isian = request.query_params
        kelompok = _kelompok(isian.get("unitup"), isian.get("thblrek"), isian.get("hari_baca"))
        wajib_unit(orang, kelompok.unitup, tulis=False)
        batas, kursor = isian.get("batas", "1000"), isian.get("kursor")
        if not re.fullmatch(r"[0-9]{1,4}", batas) or not 1 <= int(batas) <= 5000:
            raise Masalah(400, "DATA_TIDAK_VALID", "batas harus 1 sampai 5000", langgar=True)
        setelah = "" if kursor is None else periksa_nilai("idpel", kursor)
        baris = toko.halaman(kelompok, setelah, int(batas) + 1)
        lagi = len(baris) > int(batas)
        baris = baris[: int(batas)]
        return _json({"baris": baris, "kursor_berikut": baris[-1]["idpel"] if lagi else None})


def _rute_batch(rute: APIRouter, toko: Toko, sesi: Sesi) -> None:
    @rute.get("/v1/fungsi2/batch/{kunci}")
    def batch(request: Request, kunci: str) -> Response:
        orang = sesi.siapa(request)
        ada = toko.jawaban(periksa_kunci(kunci))
        if ada is None:
            raise Masalah(404, "BELUM_DITERAPKAN", "Belum ada batch yang diterapkan dengan kunci ini")
        wajib_unit(orang, ada[0], tulis=False)
        return _json(ada[1])

    @rute.post("/v1/fungsi2/batch/{kunci}/tutup")
    def tutup_kunci(request: Request, kunci: str) -> Response:
        orang = sesi.siapa(request)
        kunci = periksa_kunci(kunci)
        ada = toko.jawaban(kunci)
        wajib_unit(orang, ada[0] if ada else None, tulis=True)
        jawaban = toko.tutup_kunci(kunci, orang.username)
        return _json(f'{{"diterapkan":{"false" if jawaban is None else "true"},"jawaban":{jawaban or "null"}}}')


# --- control -------------------------------------------------------------------------------------------------


class UntukKelompok(Ketat):
    """A control body about one kelompok."""

    unitup: Unitup
    thblrek: Thblrek
    hari_baca: str

    def kelompok(self) -> Kelompok:
        """Return the kelompok meant."""
        return Kelompok(self.unitup, self.thblrek, self.hari_baca)


class IsiPelanggan(Ketat):
    """Customers to load."""

    class Baris(Ketat):
        """One customer, daya in VA."""

        idpel: Idpel
        unitup: Unitup
        thblrek: Thblrek
        hari_baca: HariBaca
        daya: int | str

    baris: list[Baris]


class IsiPengguna(Ketat):
    """A user to add."""

    username: str
    password: str
    unitup: list[Unitup] = []
    peran: list[Literal["ADMIN_CMT", "BACA"]] = []


class IsiSuplai(UntukKelompok):
    """Rows to lift to 3."""

    idpel: list[Idpel] | None = None
    dari: list[int] = [0, 1]


class IsiLain(UntukKelompok):
    """Rows that others post."""

    class Baris(Ketat):
        """Values as AP2T would hold them."""

        idpel: Idpel
        sahlwbp: str | None = None
        sahwbp: str | None = None
        sahkvarh: str | None = None
        pemkwh: str | None = None

    baris: list[Baris]
    oleh: str = "LAIN"
    no_pengesahan: str | None = None


class IsiIdpel(UntukKelompok):
    """Rows that others cancel, or that AP2T is to refuse with ``kode``."""

    idpel: list[Idpel]
    oleh: str = "LAIN"
    kode: str | None = None


class IsiPeriode(UntukKelompok):
    """A period to open or close, where hari_baca ``*`` is the whole month."""

    hari_baca: str = SEMUA_KELOMPOK
    terbuka: bool


class IsiToken(Ketat):
    """How long coming tokens live (seconds), and whether those given out expire now."""

    umur: int | None = None
    hanguskan: bool = False


class IsiReset(Ketat):
    """Empty logs and faults, with ``data`` everything."""

    data: bool = False


def rute_kendali(toko: Toko, sesi: Sesi, pengacau: Pengacau, kendali_token: str | None) -> APIRouter:
    """Everything under ``/_sandbox``."""

    def boleh(x_kendali_token: Annotated[str | None, Header()] = None) -> None:
        if kendali_token is not None and not secrets.compare_digest(x_kendali_token or "", kendali_token):
            raise Masalah(401, "KENDALI_TOKEN", "X-Kendali-Token salah")

    rute = APIRouter(prefix="/_sandbox", dependencies=[Depends(boleh)])
    _kendali_data(rute, toko)
    _kendali_lihat(rute, toko)
    _kendali_gangguan(rute, toko, sesi, pengacau)
    return rute


def _kendali_data(rute: APIRouter, toko: Toko) -> None:
    @rute.post("/pelanggan")
    def pelanggan(isi: IsiPelanggan) -> dict[str, int]:
        baris = ((satu.idpel, satu.unitup, satu.thblrek, satu.hari_baca, satu.daya) for satu in isi.baris)
        return {"jumlah": toko.muat_pelanggan(baris)}

    @rute.post("/pengguna")
    def pengguna(isi: IsiPengguna) -> dict[str, str]:
        toko.tambah_pengguna(isi.username, isi.password, isi.unitup, isi.peran)
        return {"username": isi.username}

    @rute.post("/suplai_stan")
    def suplai_stan(isi: IsiSuplai) -> dict[str, int]:
        return {"jumlah": toko.suplai_stan(isi.kelompok(), isi.idpel, isi.dari)}

    @rute.post("/posting_lain")
    def posting_lain(isi: IsiLain) -> dict[str, int]:
        baris = [satu.model_dump() for satu in isi.baris]
        return {"jumlah": toko.posting_lain(isi.kelompok(), baris, isi.no_pengesahan, isi.oleh)}

    @rute.post("/batal_lain")
    def batal_lain(isi: IsiIdpel) -> dict[str, int]:
        return {"jumlah": toko.batal_lain(isi.kelompok(), isi.idpel, isi.oleh)}

    @rute.post("/tolak")
    def tolak(isi: IsiIdpel) -> dict[str, int]:
        toko.tandai_tolak(isi.kelompok(), isi.idpel, isi.kode)
        return {"jumlah": len(isi.idpel)}

    @rute.post("/periode")
    def periode(isi: IsiPeriode) -> dict[str, bool]:
        toko.periode(isi.kelompok(), isi.terbuka)
        return {"terbuka": isi.terbuka}


def _kendali_lihat(rute: APIRouter, toko: Toko) -> None:
    @rute.get("/baris")
    def baris(unitup: str, thblrek: str, hari_baca: str) -> dict[str, Any]:
        return {"baris": toko.halaman(Kelompok(unitup, thblrek, hari_baca), "", 10_000_000)}

    @rute.get("/log/{nama}")
    def log(request: Request, nama: str) -> dict[str, Any]:
        try:
            return {"baris": toko.log(nama, dict(request.query_params))}
        except ValueError as galat:
            raise HTTPException(404) from galat

    @rute.get("/ringkasan")
    def ringkasan() -> dict[str, Any]:
        return toko.ringkasan()


def _kendali_gangguan(rute: APIRouter, toko: Toko, sesi: Sesi, pengacau: Pengacau) -> None:
    @rute.post("/gangguan")
    def pasang(isi: Gangguan) -> dict[str, int]:
        pengacau.ubah([*pengacau.daftar, isi])
        return {"jumlah": len(pengacau.daftar)}

    @rute.get("/gangguan")
    def lihat_gangguan() -> list[Gangguan]:
        return pengacau.daftar

    @rute.delete("/gangguan")
    def lepas() -> dict[str, int]:
        pengacau.ubah([])
        return {"jumlah": 0}

    @rute.post("/token")
    def token(isi: IsiToken) -> dict[str, int]:
        sesi.umur = isi.umur if isi.umur is not None else sesi.umur
        return {"umur": sesi.umur, "dihanguskan": sesi.hanguskan() if isi.hanguskan else 0}

    @rute.post("/reset")
    def reset(isi: IsiReset) -> dict[str, bool]:
        pengacau.ubah([])
        toko.kosongkan(data=isi.data)
        return {"data": isi.data}


# --- the application ---------------------------------------------------------------------------------------


def _pasang_galat(app: FastAPI, toko: Toko) -> None:
    """Turn every error into problem+json, and log those that broke the contract."""

    def jawab(request: Request, masalah: Masalah) -> Response:
        jalan = request.url.path
        if masalah.langgar and not jalan.startswith("/_sandbox"):
            toko.catat_pelanggaran(f"{request.method} {jalan}", masalah.kode, masalah.judul)
        return masalah.jawaban()

    def masalah(request: Request, galat: Exception) -> Response:
        return jawab(request, galat) if isinstance(galat, Masalah) else tak_terduga(request, galat)

    def menolak(request: Request, galat: Exception) -> Response:
        return jawab(request, Masalah(409, str(galat), "Batch ditolak; tidak ada yang berubah"))

    def http(request: Request, galat: Exception) -> Response:
        status = galat.status_code if isinstance(galat, HTTPException) else 500
        return jawab(request, Masalah(status, f"HTTP_{status}", "Jalan atau metode tidak ada", langgar=True))

    def isi_salah(request: Request, galat: Exception) -> Response:
        return jawab(request, Masalah(400, "DATA_TIDAK_VALID", str(galat)[:500], langgar=True))

    def tak_terduga(request: Request, galat: Exception) -> Response:
        return jawab(request, Masalah(500, "GALAT_DALAM", type(galat).__name__))

    app.add_exception_handler(Masalah, masalah)
    app.add_exception_handler(TokoMenolak, menolak)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, isi_salah)
    app.add_exception_handler(Exception, tak_terduga)


def buat_app(toko: Toko, *, umur_token: int = 3600, kendali_token: str | None = None) -> FastAPI:
    """Build the sandbox over a store. Tokens live ``umur_token`` seconds."""
    app = FastAPI(title="Sandbox AP2T", docs_url=None, redoc_url=None, openapi_url=None)
    sesi, pengacau = Sesi(toko, umur_token), Pengacau(toko)
    app.include_router(rute_kontrak(toko, sesi))
    app.include_router(rute_kendali(toko, sesi, pengacau, kendali_token))
    app.add_middleware(LapisanGangguan, pengacau=pengacau)
    _pasang_galat(app, toko)
    return app


class Peladen(uvicorn.Server):
    """uvicorn, which says where it listens once it does."""

    def __init__(self, config: uvicorn.Config, url: str) -> None:
        super().__init__(config)
        self.url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address."""
        await super().startup(sockets=sockets)
        print(f"URL: {self.url}", flush=True)


def main() -> None:
    """Run the sandbox from the command line."""
    baca = argparse.ArgumentParser(
        description="Sandbox AP2T", epilog=f"{KENDALI} di lingkungan: wajib di header X-Kendali-Token untuk /_sandbox."
    )
    baca.add_argument("--toko", type=Path, required=True, help="berkas SQLite; dibuat bila belum ada")
    baca.add_argument("--host", default="127.0.0.1")
    baca.add_argument("--port", type=int, default=8099, help="0: pilih yang bebas")
    baca.add_argument("--umur-token", type=int, default=3600, help="umur token masuk, detik")
    pilihan = baca.parse_args()
    toko = Toko(pilihan.toko)
    app = buat_app(toko, umur_token=pilihan.umur_token, kendali_token=os.environ.get(KENDALI) or None)
    config = uvicorn.Config(
        app, pilihan.host, pilihan.port, http=Protokol, log_level="warning", access_log=False, timeout_keep_alive=60
    )
    soket = config.bind_socket()
    try:
        Peladen(config, f"http://{pilihan.host}:{soket.getsockname()[1]}").run(sockets=[soket])
    finally:
        toko.tutup()


if __name__ == "__main__":
    main()
