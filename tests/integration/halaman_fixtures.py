"""The page as a browser would ask for it, on real parts; who is logged in is what the test says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from proses_fixtures import Dunia
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient

from ap2t.galat import SumberTidakTerjangkau
from ap2t.source.acmt import SumberAcmt
from ap2t.web import aplikasi
from ap2t.web.orang import BelumMasuk, Orang, TidakBoleh

AUDITOR, TANPA_HALAMAN = "auditor", "orang-luar"


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

        monkeypatch.setattr(SumberAcmt, "_sambung", mati)

    def tutup(self) -> None:
        self.app.konteks.tutup()


@pytest.fixture
def halaman(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> Iterator[Halaman]:
    monkeypatch.setenv("AP2T_KELOMPOK", "A")
    h = Halaman(dunia)
    yield h
    h.tutup()
