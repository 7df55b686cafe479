"""Who gets in: every route of the page, taken from the page itself, is closed to whoever may not see it."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
import shutil
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from halaman_fixtures import AUDITOR, LAIN, RUTE, TANPA_HALAMAN, Halaman, Tuju
from proses_fixtures import Dunia, jalankan_sampai

from ap2t.domain.kata import untuk_halaman
from ap2t.web import akses, statis
from ap2t.web.pintu import CSP
from ap2t.web.rute import sesi

TANPA_UNIT = {"/", "/statis/{nama:path}", "/api/saya", "/api/kata", "/api/run", "/api/verifikasi"}
"""Routes that name no unit in their path; what they show of one has tests of its own."""


def test_tanpa_login(halaman: Halaman, tuju: Tuju) -> None:
    """Nobody who is not logged in gets anything, from any route or none; the page itself leads to the login."""
    for r in RUTE:
        jawab = tuju.minta(halaman, r, None)
        if r.jalan == "/":
            assert (jawab.status_code, 'href="/masuk?next=/"' in jawab.text) == (401, True), r
        else:
            assert (jawab.status_code, jawab.json()["kode"]) == (401, "BELUM_MASUK"), r
    for jalan in ("/docs", "/openapi.json", "/redoc", "/apa-saja", "/statis/js/tak-ada.js"):
        assert halaman.minta(jalan, None).status_code == 401, jalan


def test_tanpa_peran(halaman: Halaman, tuju: Tuju) -> None:
    """Whoever holds no role here, or may not see plugins' pages, gets nothing, and is told what to ask for."""
    for r in RUTE:
        for orang, kode, kata in (
            (f"vendor{tuju.unitup}", "TANPA_PERAN", "Minta SPV TE"),
            ("tak-dikenal", "TANPA_PERAN", "peran AUDITOR"),
            (TANPA_HALAMAN, "TANPA_HALAMAN", "Minta peran"),
        ):
            jawab = tuju.minta(halaman, r, orang)
            assert jawab.status_code == 403, (r, orang)
            assert kata in jawab.text, (r, orang)
            assert r.jalan == "/" or jawab.json()["kode"] == kode, (r, orang)


def test_unit_lain(halaman: Halaman, tuju: Tuju) -> None:
    """The SPV TE of another unit gets nothing of this one; a session of it reads like one that is not there."""
    tak_ada = tuju._replace(nomor="PS-00000-202606-A-01-deadbeef")
    for r in RUTE:
        if r.jalan in TANPA_UNIT:
            continue
        jawab = tuju.minta(halaman, r, LAIN)
        if "{nomor}" in r.jalan:
            asing = tak_ada.minta(halaman, r, LAIN)
            assert jawab.status_code == asing.status_code == 404, r
            assert jawab.text.replace(tuju.nomor, "X") == asing.text.replace(tak_ada.nomor, "X"), r
        else:
            assert "{unitup}" in r.jalan, f"{r}: rute baru menyebut unit atau sesi, atau diuji sendiri (TANPA_UNIT)"
            assert (jawab.status_code, jawab.json()["kode"]) == (403, "UNIT_LAIN"), r
        if r.metode == "GET" and not r.jalan.endswith(("csv", "xlsx")):
            assert tuju.minta(halaman, r, "").status_code == 200, r


def test_tanpa_unit_di_jalan(halaman: Halaman, tuju: Tuju) -> None:
    """What names no unit shows none that the person does not see."""
    assert [u["unitup"] for u in halaman.baca("/api/saya", LAIN)["unit"]] == ["60999"]
    assert halaman.baca("/api/kata", LAIN) == untuk_halaman()
    run = "/api/run?dag_id=pengesahan_hari_baca_a&run_id="
    assert halaman.baca(f"{run}{tuju.run_id}")["nomor"] == tuju.nomor
    asing, tak_ada = halaman.minta(f"{run}{tuju.run_id}", LAIN), halaman.minta(f"{run}tidak-ada", LAIN)
    assert (asing.status_code, asing.text) == (404, tak_ada.text)
    assert halaman.minta("/api/verifikasi", LAIN, "POST", json={"unitup": tuju.unitup}).status_code == 403


def test_auditor_hanya_melihat(halaman: Halaman, tuju: Tuju) -> None:
    """An auditor sees every unit, and prepares nothing."""
    saya = halaman.baca("/api/saya", AUDITOR)
    assert {tuju.unitup, "60999"} <= {u["unitup"] for u in saya["unit"]}
    assert not saya["boleh_bertindak"]
    assert not any(u["boleh_bertindak"] for u in saya["unit"])
    s = halaman.baca(f"/api/sesi/{tuju.nomor}", AUDITOR)
    assert not s["giliran_saya"]
    ditolak = [r for r in RUTE if r.metode == "POST" and r.jalan != "/api/verifikasi"]
    assert ditolak
    for r in ditolak:
        assert tuju.minta(halaman, r, AUDITOR).status_code == 403, r


def test_peran_dan_delegasi_berakhir(halaman: Halaman, tuju: Tuju, monkeypatch: pytest.MonkeyPatch) -> None:
    """A role that ends is noticed within 15 seconds; a delegation lets in while it holds, and no longer."""
    d = halaman.dunia
    kelompok = f"{halaman.alamat}/kelompok"
    assert akses.DETIK <= 15
    ingat = halaman.app.konteks.akses._hak
    assert ingat.detik == akses.DETIK
    halaman.baca(kelompok)
    d.petugas(d.spv, aktif=False)
    ingat.detik = -1
    assert halaman.minta(kelompok).json()["kode"] == "TANPA_PERAN"
    d.petugas(d.spv, aktif=True)

    kini = datetime.now(UTC)
    pinjam = {"kepada": "wakil", "oleh": d.spv, "alasan": "cuti tahunan"}
    for dari, sampai, status in ((-2, -1, 403), (-1, 1, 200), (1, 2, 403)):
        rentang = {
            n: (kini + timedelta(hours=h)).isoformat(timespec="seconds")
            for n, h in (("dari", dari), ("sampai", sampai))
        }
        d.pola(delegasi=[{**pinjam, **rentang}])
        assert halaman.minta(kelompok, "wakil").status_code == status, (dari, sampai)


def test_penulisan_hanya_dari_sini(halaman: Halaman, tuju: Tuju) -> None:
    """A foreign page cannot make a browser write, or read data, with Airflow's cookie."""
    tulis = [r for r in RUTE if r.metode not in ("GET", "HEAD")]
    assert {r.jalan for r in tulis} >= {"/api/verifikasi"}
    for r in tulis:
        for kepala in (
            {"origin": None},
            {"origin": ""},
            {"origin": "null"},
            {"origin": "http://jahat.example"},
            {"origin": "http://airflow.uji.jahat.example"},
            {"origin": "http://airflow.uji:8080"},
            {"origin": "http://airflow.uji", "sec-fetch-site": "cross-site"},
            {"origin": "http://airflow.uji", "sec-fetch-site": "same-site"},
        ):
            assert tuju.minta(halaman, r, "", **kepala).json()["kode"] == "DARI_LUAR", (r, kepala)
        for jenis in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
            kepala = {"content-type": jenis}
            assert tuju.minta(halaman, r, "", **kepala).status_code == 415, (r, jenis)
        kepala = {"sec-fetch-site": "same-origin", "content-type": "application/json; charset=utf-8"}
        assert tuju.minta(halaman, r, "", **kepala).status_code in (200, 403), r
    asing = {"sec-fetch-site": "cross-site"}
    assert halaman.minta("/api/saya", headers=asing).status_code == 403
    assert halaman.minta("/", headers=asing).status_code == 200  # a link in a mail


def test_kepala_di_semua_jawaban(halaman: Halaman, tuju: Tuju, monkeypatch: pytest.MonkeyPatch) -> None:
    """Strict headers on every answer, also on refusals and failures; data is kept nowhere."""
    jawaban = [tuju.minta(halaman, r, orang) for r in RUTE for orang in (None, "tak-dikenal", "")]
    jawaban.append(halaman.minta("/apa-saja"))
    jawaban.append(halaman.minta("/api/saya", metode="DELETE", headers={"content-type": "application/json"}))
    monkeypatch.setattr(sesi.daftar, "daftar_sesi", lambda *_, **__: 1 / 0)
    jawaban.append(halaman.minta(f"{halaman.alamat}/sesi"))
    assert {j.status_code for j in jawaban} >= {200, 401, 403, 404, 405, 500}
    umum = halaman.app.kepala[CSP]
    for j in jawaban:
        masuk = 'id="masuk"' in j.text
        for nama, nilai in halaman.app.kepala.items():
            if masuk and nama == CSP:  # the way to the login: one known script, nothing else
                assert (
                    re.sub("script-src 'sha256-[^']+'", "script-src 'self'", j.headers[nama]) == umum != j.headers[nama]
                )
            else:
                assert j.headers[nama] == nilai, j.request.url
        berkas = j.status_code in (200, 304) and ("/statis/" in str(j.request.url) or j.request.url.path == "/")
        assert j.headers["cache-control"] == ("private, no-cache" if berkas else "no-store"), j.request.url
    csp = dict(b.strip().split(" ", 1) for b in umum.split(";"))
    assert csp["default-src"] == "'none'"
    for apa in ("script-src", "style-src", "connect-src", "frame-ancestors"):
        assert csp[apa] == "'self'"
    assert csp["img-src"] == "'self' data: https:"
    assert "unsafe" not in umum


def test_asal_foto_di_kepala(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """Photos come from where the setting says and nowhere else; a bad one closes the page, and is told."""
    halaman.tutup()
    for isi, harap in (
        ("https://foto.pln.example http://10.1.2.3:8080", "'self' data: https://foto.pln.example http://10.1.2.3:8080"),
        ("https: http://10.1.2.3", "'self' data: https: http://10.1.2.3"),
        ("https://foto.pln.example; script-src *", "'self' data:"),
    ):
        monkeypatch.setenv("AP2T_FOTO_ASAL", isi)
        satu = Halaman(halaman.dunia)
        jawaban = [satu.minta(jalan, siapa) for jalan in ("/", "/api/saya") for siapa in ("", None)]
        satu.tutup()
        for jawab in jawaban:
            assert re.findall("img-src ([^;]*);", jawab.headers[CSP]) == [harap]
            assert jawab.headers[CSP].count("script-src") == 1
        rusak = ";" in isi
        assert [jawab.status_code for jawab in jawaban] == [500 if rusak else 200, 401] * 2
        for jawab in jawaban:
            assert ("AP2T_FOTO_ASAL" in jawab.text) == (rusak and jawab.status_code == 500)


def test_galat_tidak_membocorkan(
    halaman: Halaman, tuju: Tuju, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error nobody foresaw is told without its text, which may hold a customer's data; also in the log."""

    def gagal(*_: object, **__: object) -> None:
        raise ValueError("Siti Rahasia 1234,5 kWh")

    monkeypatch.setattr(sesi.daftar, "daftar_sesi", gagal)
    with caplog.at_level(logging.DEBUG):
        jawab = halaman.minta(f"{halaman.alamat}/sesi")
        assert halaman.minta(f"{halaman.alamat}/sesi?halaman=Siti").status_code == 400
    assert (jawab.status_code, jawab.json()["kode"]) == (500, "GALAT")
    assert "beri tahu pengelola" in jawab.json()["detail"]
    ditulis = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("httpx"))  # the browser's part
    assert "ValueError" in ditulis
    for teks in (jawab.text, ditulis):
        assert "Siti" not in teks


ANEH = {
    "NUL": "%00",
    "NUL di tengah": "PS-60001%00-A",
    "baris baru": "%0a",
    "kembali": "A%0d",
    "hapus": "%7f",
    "ESC": "%1b%5b31m",
    "setengah surogat": "%ED%A0%80",
    "bukan UTF-8": "%ff%fe",
    "sangat panjang": "9" * 5000,
    "bilangan besar": "99999999999999999999",
    "minus": "-1",
    "petik": "%27%3b--",
    "tak hingga": "NaN",
}
"""What may stand in an address or a header, percent-encoded."""
BUKAN_TEKS = ("NUL", "NUL di tengah", "baris baru", "kembali", "hapus", "ESC", "sangat panjang")


def test_isian_aneh(halaman: Halaman, tuju: Tuju) -> None:
    """Whatever stands in path, query, header or body of any route: a sentence of ours, never an unforeseen error."""
    assert {n for r in RUTE for n in r.isian} >= {"nomor", "run_id", "idpel", "halaman", "x_cari", "sesudah"}
    for r in RUTE:
        for di, tempat in r.isian.items():
            for apa, nilai in ANEH.items():
                jalan, badan = tuju.permintaan(r, **({di: nilai} if tempat == "path" else {}))
                kepala = {"x-cari": nilai} if tempat == "header" else {}
                if tempat == "query":
                    jalan = re.sub(rf"\b{di}=[^&]*&?", "", jalan)
                    jalan += f"{'&' if '?' in jalan else '?'}{di}={nilai}"
                jawab = halaman.minta(jalan, "", r.metode, headers=kepala, **badan)
                tentang = (r, di, apa, jawab.status_code, jawab.text[:200])
                assert jawab.status_code < 500 or jawab.status_code == 503, tentang
                if tempat == "path" or apa in BUKAN_TEKS:
                    assert jawab.status_code in (400, 403, 404, 422), tentang
                    assert jawab.headers["content-type"] == "application/problem+json", tentang
                    assert jawab.json()["detail"].endswith("."), tentang
                    assert len(jawab.text) < 500, tentang


def test_badan_aneh(halaman: Halaman, tuju: Tuju) -> None:
    """The same of what a body holds, names of the sender's own included."""
    for r in RUTE:
        if r.metode == "GET":
            continue
        for nilai in ("\x00", "\ud800", "A" * 5000, None, 7, ["\x00"], {"\ud800": 1}, 10**400):
            for nama in ("unitup", "cakupan", "idpel", "\ud800", "\x00"):
                jalan, _ = tuju.permintaan(r)
                isi = {"cakupan": "daftar", nama: nilai} if "pratinjau" in r.jalan else {nama: nilai}
                kepala = {"content-type": "application/json"}
                jawab = halaman.minta(jalan, "", r.metode, headers=kepala, content=json.dumps(isi).encode())
                tentang = (r, nama, str(nilai)[:20], jawab.status_code)
                assert jawab.status_code in (400, 403), tentang
                assert len(jawab.text) < 500, tentang
        for badan in (b"", b"{", b"\xff", b"[" * 100_000, b'{"a":' * 50_000):
            jawab = halaman.minta(jalan, "", r.metode, headers=kepala, content=badan)
            assert jawab.status_code == 400, (r, badan[:10], jawab.text)


def test_asal_rusak(halaman: Halaman, tuju: Tuju) -> None:
    """An origin that is no address is a foreign one."""
    for r in RUTE:
        if r.metode != "GET":
            for asal in ("http://[", "http://[::1", "://", "x" * 5000):
                assert tuju.minta(halaman, r, "", origin=asal).json()["kode"] == "DARI_LUAR", (r, asal)


def test_penjaga_rusak(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be decided is refused: Airflow's auth manager fails, or ACMT cannot say who holds which role."""
    halaman.dunia.isi(1)

    async def rusak(_: object) -> None:
        raise RuntimeError("x")

    with monkeypatch.context() as m:
        m.setattr(halaman.app.penjaga, "orang", rusak)
        assert halaman.minta("/api/saya").status_code == 500
        assert halaman.minta("/").status_code == 500
    halaman.putuskan_acmt(monkeypatch)
    jawab = halaman.minta("/api/saya", "belum-pernah-terlihat")
    assert (jawab.status_code, jawab.json()["kode"]) == (503, "ACMT")
    muka = halaman.minta("/", "belum-pernah-terlihat")  # its own script, which tries again, and no other
    assert (muka.status_code, muka.headers["retry-after"]) == (503, "5")
    (skrip,) = re.findall("<script>(.*)</script>", muka.text)
    sidik = base64.b64encode(hashlib.sha256(skrip.encode()).digest()).decode()
    assert f"script-src 'sha256-{sidik}';" in muka.headers["content-security-policy"]
    assert halaman.baca("/api/saya", AUDITOR)["peran"] == "AUDITOR"


def test_halaman_yang_terbuka_tetap_berdiri(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's own files come to whoever held a role when the page came, also while ACMT is away; its data do not."""
    halaman.dunia.isi(1)
    assert halaman.minta("/").status_code == 200
    halaman.putuskan_acmt(monkeypatch)
    halaman.app.konteks.akses._hak.detik = -1
    assert halaman.minta("/statis/js/aplikasi.js").status_code == 200
    for jalan, oleh in (("/", ""), ("/api/saya", ""), ("/statis/js/aplikasi.js", "belum-pernah-terlihat")):
        assert halaman.minta(jalan, oleh).status_code == 503, jalan


def test_berkas_statis(halaman: Halaman) -> None:
    """Only the page's own files are served, by a fixed list; the page itself is asked for again where it changed."""
    for jalan in ("/", "/statis/halaman.html"):
        r = halaman.minta(jalan)
        assert (r.status_code, r.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert halaman.minta(jalan, headers={"if-none-match": r.headers["etag"]}).status_code == 304
    for jalan in ("..%2faplikasi.py", "%2e%2e%2faplikasi.py", "%2fetc/passwd", "js", "", "js%2f..%2fhalaman.html"):
        assert halaman.minta(f"/statis/{jalan}").status_code == 404, jalan


def test_dua_bulan(halaman: Halaman, dunia: Dunia) -> None:
    """Two months of a unit are kept apart."""
    dunia.isi(2)
    jalankan_sampai(dunia)
    saya = halaman.baca("/api/saya")["unit"][0]
    assert dunia.bulan in saya["bulan"]
    kalender = "INSERT INTO acmt_dasar.jadwal_hari_baca VALUES (%s, '202605', 'A', '2026-04-25', 1)"
    dunia.acmt.execute(kalender, [dunia.unitup])
    lain = f"/api/unit/{dunia.unitup}/202605"
    assert halaman.baca(f"{lain}/sesi")["baris"] == []
    [kosong] = halaman.baca(f"{lain}/kelompok")["baris"]
    assert (kosong["hari_baca"], kosong["sudah_disahkan"]) == (dunia.kode, 0)
    assert len(halaman.baca(f"{halaman.alamat}/sesi")["baris"]) == 1
    for salah in ("202613", "abc", "2026-6"):
        assert halaman.minta(f"/api/unit/{dunia.unitup}/{salah}/kelompok").status_code == 400


def test_berkas_disimpan_selamanya(halaman: Halaman, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the page names is kept for ever, under a name that is another one as soon as any of it has changed."""
    shutil.copytree(statis.FOLDER, tmp_path / "statis")
    monkeypatch.setattr(statis, "FOLDER", tmp_path / "statis")
    monkeypatch.setattr(statis, "_daftar_berkas", cache(statis._daftar_berkas.__wrapped__))

    def disebut() -> list[str]:
        return re.findall(r'"(statis/[^"]+)"', halaman.minta("/").text)

    dulu = disebut()
    assert len(dulu) > 30
    for jalan in dulu:
        r = halaman.minta(f"/{jalan}")
        assert (r.status_code, r.headers["cache-control"]) == (200, "private, max-age=31536000, immutable"), jalan
    kata = re.findall(r'content="(kata[^"]*)"', halaman.minta("/").text)[0]
    assert halaman.minta(f"/api/{kata}").headers["cache-control"] == "private, max-age=31536000, immutable"
    (tmp_path / "statis/js/angka.js").write_text("// other numbers\n")
    assert halaman.minta(f"/api/{kata}").headers["cache-control"] == "no-store"
    kini = disebut()
    assert not {*dulu} & {*kini}
    angka = next(jalan for jalan in dulu if jalan.endswith("/angka.js"))
    r = halaman.minta(f"/{angka}")  # of a page that was loaded before
    assert (r.text, r.headers["cache-control"]) == ("// other numbers\n", "private, no-cache")
    assert halaman.minta(f"/statis/{'0' * 16}/js/tak-ada.js").status_code == 404
    (tmp_path / "statis/js/angka.js").unlink()
    assert halaman.minta("/").status_code == 200
