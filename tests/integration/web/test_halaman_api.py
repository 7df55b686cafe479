"""The page's API, asked by machine: every route, by everybody, with what its schema allows and with what it forbids."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx
import pytest
import requests
import schemathesis
from halaman_fixtures import AUDITOR, LAIN, RUTE, Halaman, Rute, Tuju
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode
from test_halaman_pelanggan import tunggu

from ap2t.web import aplikasi
from ap2t.web.data import Data
from ap2t.web.konteks import Konteks
from ap2t.web.masalah import _JUDUL as JUDUL
from ap2t.web.rute import verifikasi
from tests.masukan import aneh, banyak

JENIS = {
    "/": "text/html; charset=utf-8",
    "/statis/{nama:path}": None,
    "/api/verifikasi": "application/x-ndjson",
    "/api/sesi/{nomor}/hasil.csv": "text/csv; charset=utf-8",
    "/api/unit/{unitup}/{thblrek}/pelanggan.csv": "text/csv; charset=utf-8",
    "/api/unit/{unitup}/{thblrek}/pengembalian.csv": "text/csv; charset=utf-8",
    "/api/unit/{unitup}/{thblrek}/pelanggan.xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
}
"""What a route answers with, where that is not JSON. None: by the file."""
BELUM_MASUK = ""
SKEMA = schemathesis.openapi.from_dict(aplikasi.buat_inti(Konteks(Data())).openapi())
"""The page serves no schema. This is the one its routes have."""


class Panggung(NamedTuple):
    """A page with two units, and what may be put into a request so that it meets something."""

    halaman: Halaman
    tuju: Tuju

    @property
    def dikenal(self) -> dict[str, str]:
        """Values that there really are, by the name of the input."""
        tetap = {"hari_baca": "A", "nama": "halaman.html", "dag_id": "pengesahan_hari_baca_a"}
        return {**self.tuju._asdict(), **tetap, "hasil": "sesuai", "tindak_lanjut": "kembalikan"}

    @property
    def rahasia(self) -> list[str]:
        """What only the unit's own people and an auditor may see."""
        return ["Siti Rahasia", "foto.acmt.example", f'"nomor":"{self.tuju.nomor}', f'"idpel":"{self.tuju.idpel}']


@pytest.fixture
def panggung(halaman: Halaman, tuju: Tuju, monkeypatch: pytest.MonkeyPatch) -> Panggung:
    async def sebentar(unitup: str | None) -> AsyncIterator[str]:
        """A verification without the process it runs in, which has tests of its own."""
        yield json.dumps({"unitup": unitup}) + "\n"

    monkeypatch.setattr(verifikasi, "_jalankan_verifikasi", sebentar)
    return Panggung(halaman, tuju)


tertulis = aneh.filter(lambda isi: not isinstance(isi, dict | list)).map(str).filter(str.isprintable)


@st.composite
def permintaan(draw: st.DrawFn, p: Panggung, r: Rute) -> requests.PreparedRequest:
    """Return a request that schemathesis makes for a route; as it is, or with values that there really are."""
    cara = draw(st.sampled_from([*[GenerationMode.POSITIVE] * 2, GenerationMode.NEGATIVE]))
    kasus = draw(SKEMA[r.jalan.replace(":path", "")][r.metode].as_strategy(generation_mode=cara))
    badan = kasus.body if isinstance(kasus.body, dict) else {}
    sungguhan = draw(st.sampled_from(["tidak", "sebagian", "semua", "semua"]))
    for isian in (kasus.path_parameters, kasus.query, badan) if sungguhan != "tidak" else ():
        for nama in [*(isian or {})]:
            apa = draw(st.integers(0, 5)) if isian is kasus.query else 1
            if apa > 2 and nama not in ("dag_id", "run_id"):
                del isian[nama]
            elif apa == 0:
                isian[nama] = draw(tertulis)
            elif nama in p.dikenal and (sungguhan == "semua" or draw(st.booleans())):
                banyak_idpel = isian is badan and nama == "idpel" and "hasil" not in badan
                isian[nama] = [p.tuju.idpel] if banyak_idpel else p.dikenal[nama]
    if "cakupan" in badan and sungguhan == "semua" and draw(st.booleans()):
        badan |= {"cakupan": "semua", "idpel": []}
    elif badan and draw(st.booleans()):
        badan[draw(st.sampled_from([*badan, "lain"]))] = draw(aneh.filter(lambda isi: isi != "\ud800"))
    return requests.Request(**kasus.as_transport_kwargs(base_url="http://airflow.uji")).prepare()


def tanya(p: Panggung, minta: requests.PreparedRequest, oleh: str) -> httpx.Response:
    kepala = {nama: nilai for nama, nilai in minta.headers.items() if nama.lower() not in ("origin", "host")}
    kepala |= {"origin": "http://airflow.uji"} | ({"x-uji-orang": oleh} if oleh else {})
    isi = minta.body.encode() if isinstance(minta.body, str) else minta.body
    assert minta.method
    assert minta.url
    return p.halaman.klien.request(minta.method, minta.url, headers=kepala, content=isi)


def test_setiap_rute_menjawab_seperti_dijanjikan(panggung: Panggung) -> None:
    """Nothing of ours fails; each answer has its type and form; nobody sees what is another unit's."""
    tunggu(panggung.halaman)  # the list, which files are written from
    for r in RUTE:
        tanya_semua_orang(panggung, r)


def tanya_semua_orang(p: Panggung, r: Rute) -> None:
    """Ask one route as everybody; where nothing was asked that there is, that is told."""
    spv, dijawab = p.halaman.dunia.spv, set()
    berkas = r.jalan.endswith(("csv", "xlsx"))

    @banyak(6 if berkas else 24)  # a file is written by a process of its own
    @given(permintaan(p, r))
    def semua(minta: requests.PreparedRequest) -> None:
        for oleh in (spv, LAIN, AUDITOR, BELUM_MASUK):
            jawab = tanya(p, minta, oleh)
            dijawab.add((oleh, jawab.status_code))
            tentang = (r, oleh, minta.method, minta.url, minta.body, jawab.status_code, jawab.text[:200])
            assert jawab.status_code in {200, 400, 401, 403, 404, 405, 413, 415, 503}, tentang
            assert (jawab.status_code == 401) == (oleh == BELUM_MASUK), tentang
            periksa_bentuk(r, jawab, tentang)
            if oleh in (LAIN, BELUM_MASUK):
                assert [apa for apa in p.rahasia if apa in jawab.text.replace('": "', '":"')] == [], tentang

    semua()
    assert berkas or (spv, 200) in dijawab, r


def periksa_bentuk(r: Rute, jawab: httpx.Response, tentang: Any) -> None:
    """A good answer has its route's type; any other is a problem with a sentence, and a page where eyes read it."""
    jenis = jawab.headers["content-type"]
    if jawab.status_code == 200:
        harap = JENIS.get(r.jalan, "application/json")
        assert harap in (None, jenis), tentang
        if jenis == "application/json":
            assert isinstance(json.loads(jawab.text, parse_constant=pytest.fail), dict), tentang
    elif jenis != "text/html; charset=utf-8" or r.jalan != "/":
        assert jenis == "application/problem+json", tentang
        isi = jawab.json()
        assert isi.keys() == {"title", "status", "detail", "kode"}, tentang
        assert (isi["status"], isi["title"]) == (jawab.status_code, JUDUL[jawab.status_code]), tentang
        assert isi["detail"].endswith("."), tentang
        assert len(jawab.text) < 600, tentang
    assert ("retry-after" in jawab.headers) == (jawab.status_code == 503), tentang
