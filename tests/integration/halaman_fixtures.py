"""The page as a browser would ask for it, on real parts; who is logged in is what the test says."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.dependencies.utils import get_flat_dependant
from fastapi.routing import APIRoute
from playwright.sync_api import Page, Route
from proses_fixtures import HALAMAN, Dunia, isi_koneksi, jalankan_sampai, koneksi_basis
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient

from ap2t import koneksi
from ap2t.galat import SumberTidakTerjangkau
from ap2t.source.acmt import SumberAcmt
from ap2t.web import aplikasi
from ap2t.web.data import Data
from ap2t.web.konteks import Konteks
from ap2t.web.orang import BelumMasuk, Orang, TidakBoleh

AUDITOR, TANPA_HALAMAN, LAIN = "auditor", "orang-luar", "spvlain"


class PenjagaUji:
    """Believes the name in a header, as Airflow believes its cookie."""

    async def orang(self, permintaan: HTTPConnection) -> Orang:
        nama = permintaan.headers.get("x-uji-orang")
        if not nama:
            raise BelumMasuk
        if nama == TANPA_HALAMAN:
            raise TidakBoleh
        return Orang(nama, nama == AUDITOR)

    def masuk(self, kembali: str) -> str:
        return f"/masuk?next={kembali}"


class Halaman:
    """The page of one test's world."""

    def __init__(self, dunia: Dunia) -> None:
        self.dunia = dunia
        self.app = aplikasi.buat_aplikasi(PenjagaUji())
        self.klien = TestClient(self.app, base_url="http://airflow.uji", follow_redirects=False)

    @property
    def alamat(self) -> str:
        """Where the unit's month stands."""
        return f"/api/unit/{self.dunia.unitup}/{self.dunia.bulan}"

    def minta(self, jalan: str, oleh: str | None = "", metode: str = "GET", **isi: Any) -> httpx.Response:
        """Ask as the unit's SPV TE unless told otherwise; None: as nobody. A write says where it comes from."""
        orang = self.dunia.spv if oleh == "" else oleh
        kepala = {**({"x-uji-orang": orang} if orang else {}), **isi.pop("headers", {})}
        if metode != "GET":
            kepala.setdefault("origin", "http://airflow.uji")
        return self.klien.request(metode, jalan, headers={k: v for k, v in kepala.items() if v is not None}, **isi)

    def baca(self, jalan: str, oleh: str | None = "", **isi: Any) -> Any:
        """Return the JSON of an answer that must be good."""
        r = self.minta(jalan, oleh, **isi)
        assert r.status_code == 200, r.text
        return r.json()

    def putuskan_acmt(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let ACMT answer nobody any more, what is looked up already stays known."""
        mesin = self.app.konteks.data.acmt.engine
        mesin.dispose()

        def mati(*_: object) -> None:
            raise SumberTidakTerjangkau("ACMT tidak menjawab.")

        monkeypatch.setattr(SumberAcmt, "sambung", mati)

    def tutup(self) -> None:
        self.app.konteks.tutup()


@pytest.fixture
def halaman(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> Iterator[Halaman]:
    monkeypatch.setenv("AP2T_KELOMPOK", "A")
    isi_koneksi(monkeypatch, koneksi.BUKU_HALAMAN, **koneksi_basis(dunia.alamat.buku, HALAMAN))
    h = Halaman(dunia)
    yield h
    h.tutup()


class Rute(NamedTuple):
    """A route as it is asked for: with the placeholders of its path still in it.

    ``isian``: where each of its inputs stands: path, query or header.
    """

    metode: str
    jalan: str
    isian: dict[str, str]


def semua_rute() -> list[Rute]:
    inti = aplikasi.buat_inti(Konteks(Data()))
    rute = [r for r in inti.routes if isinstance(r, APIRoute)]
    assert len(rute) == len(inti.routes), "tidak ada mount, dokumen, atau rute lain di samping yang dikenal di sini"
    return [Rute(m, r.path, _isian(r)) for r in rute for m in sorted(r.methods)]


def _isian(r: APIRoute) -> dict[str, str]:
    isi = get_flat_dependant(r.dependant)
    bagian = {"path": isi.path_params, "query": isi.query_params, "header": isi.header_params}
    return {("nama:path" if p.name == "nama" else p.name): di for di, semua in bagian.items() for p in semua}


RUTE = semua_rute()


class Tuju(NamedTuple):
    """What is asked of a unit: its month, a session, a customer."""

    unitup: str
    thblrek: str
    nomor: str
    idpel: str
    run_id: str

    def permintaan(self, r: Rute, **ubah: str) -> tuple[str, dict[str, Any]]:
        """Return a route's address and what is sent to it; ``ubah``: other values for its path and query."""
        isi = {**self._asdict(), "hari_baca": "A", "nama:path": "halaman.html", "dag_id": "pengesahan_hari_baca_a"}
        jalan = f"{r.jalan}?dag_id={{dag_id}}&run_id={{run_id}}" if r.jalan == "/api/run" else r.jalan
        for nama, nilai in {**isi, **ubah}.items():
            jalan = jalan.replace(f"{{{nama}}}", nilai)
        assert "{" not in jalan, f"isi contoh untuk {r.jalan}"
        if r.metode in ("GET", "HEAD"):
            return jalan, {}
        badan = {
            "pratinjau-pembatalan": {"cakupan": "semua"},
            "dilihat": {"idpel": [self.idpel]},
            "pemeriksaan": {"idpel": self.idpel, "hasil": "sesuai"},
        }
        return jalan, {"json": badan.get(r.jalan.rpartition("/")[2], {})}

    def minta(self, halaman: Halaman, r: Rute, oleh: str | None, **kepala: str | None) -> httpx.Response:
        jalan, badan = self.permintaan(r)
        return halaman.minta(jalan, oleh, r.metode, headers=kepala, **badan)


@pytest.fixture
def tuju(halaman: Halaman) -> Iterator[Tuju]:
    """A unit with a session that waits, and an SPV TE of another unit."""
    d = halaman.dunia
    idpel = d.isi(2)
    jalan = jalankan_sampai(d, "buka_gerbang")
    d.acmt.execute(
        "INSERT INTO acmt_dasar.unit VALUES ('60999', 'ULP Lain', '60000', '60', 'Asia/Jakarta') ON CONFLICT DO NOTHING"
    )
    d.acmt.execute(
        "INSERT INTO acmt_dasar.petugas (username, nama, email, peran, unitup, aktif) "
        "VALUES (%s, 'x', NULL, 'ADMIN_CMT', '60999', true) ON CONFLICT DO NOTHING",
        [LAIN],
    )
    yield Tuju(d.unitup, d.bulan, jalan.sesi.nomor, idpel[0], jalan.run_id)
    jalan.sampai(dari="terima")


class TanpaUtas(ThreadPoolExecutor):
    """An event loop's own threads, of which none is free."""

    def submit(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("utas bersama dipakai")


class Perantara:
    """TCP in front of a database's socket; ``beku``: it takes everything and says nothing, as a firewall that drops."""

    def __init__(self, koneksi: dict[str, Any]) -> None:
        self._tujuan = f"{koneksi['host']}/.s.PGSQL.5432"
        self._cair = threading.Event()
        self._cair.set()
        self._dengar = socket.create_server(("127.0.0.1", 0), backlog=500)
        self.koneksi = {**koneksi, "host": "127.0.0.1", "port": self._dengar.getsockname()[1]}
        threading.Thread(target=self._terima, daemon=True).start()

    def bekukan(self, beku: bool) -> None:
        """Freeze, or thaw: what was taken goes on its way then."""
        (self._cair.clear if beku else self._cair.set)()

    def tutup(self) -> None:
        self._cair.set()
        self._dengar.close()

    def _terima(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._layani, args=(self._dengar.accept()[0],), daemon=True).start()

    def _layani(self, dari: socket.socket) -> None:
        self._cair.wait()
        ke = socket.socket(socket.AF_UNIX)
        ke.connect(self._tujuan)
        threading.Thread(target=self._alirkan, args=(ke, dari), daemon=True).start()
        self._alirkan(dari, ke)

    def _alirkan(self, dari: socket.socket, ke: socket.socket) -> None:
        with suppress(OSError):
            while isi := dari.recv(1 << 16):
                self._cair.wait()
                ke.sendall(isi)
        for ujung in (dari, ke):
            with suppress(OSError):
                ujung.shutdown(socket.SHUT_RDWR)


class Peladen:
    """The page inside an api-server, as a real server: beside it a route as Airflow's heartbeat, in the shared threads.

    The page is ``app``, below ``/pengesahan``.
    """

    def __init__(self) -> None:
        self.app = aplikasi.buat_aplikasi(PenjagaUji())
        induk = FastAPI()

        @induk.get("/execution/detak")
        def detak() -> dict[str, str]:
            return {}

        induk.mount("/pengesahan", self.app)
        self._server = uvicorn.Server(uvicorn.Config(induk, port=0, log_level="error"))
        self._utas = threading.Thread(target=self._server.run, daemon=True)
        self._utas.start()
        while not self._server.started:
            time.sleep(0.02)
        self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def klien(self) -> httpx.AsyncClient:
        """Return a client that may ask for much at once."""
        return httpx.AsyncClient(
            base_url=self.url, timeout=60, limits=httpx.Limits(max_connections=None, keepalive_expiry=1)
        )

    def tutup(self) -> None:
        self._server.should_exit = True
        self._utas.join(timeout=30)
        self.app.konteks.tutup()


@pytest.fixture
def peladen(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peladen]:
    """The page as a server, for the people of this test's unit."""
    isi_koneksi(monkeypatch, koneksi.BUKU_HALAMAN, **koneksi_basis(dunia.alamat.buku, HALAMAN))
    p = Peladen()
    yield p
    p.tutup()


def airflow_palsu(page: Page, keadaan: str = "awaiting_input") -> list[tuple[str, Any]]:
    """Stand in for Airflow's own API, which is not here: one task, as it stands. Return what is written, with where."""
    sejak = "2026-06-01T00:00:00+00:00"
    tugas = {"task_id": "persetujuan", "state": keadaan, "start_date": sejak, "try_number": 1}
    jawab = {"task_instances": [tugas], "created_at": sejak, "response_received": False, "dag_run_id": "manual__uji"}
    ditulis: list[tuple[str, Any]] = []

    def layani(rute: Route) -> None:
        if rute.request.method != "GET":
            ditulis.append((rute.request.url, rute.request.post_data_json))
        rute.fulfill(json=jawab)

    page.route("**/api/v2/**", layani)
    return ditulis
