"""What the page may take of the api-server that it lives in: no thread of Airflow's, little memory, no endless wait."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio.to_thread
import httpx
import psutil
import psycopg
import pytest
from halaman_fixtures import RUTE, Halaman, Peladen, Perantara, TanpaUtas, Tuju
from playwright.sync_api import expect
from proses_fixtures import Dunia, jalankan_sampai

from ap2t import koneksi
from ap2t.domain.model import Bacaan, Tempat
from ap2t.domain.status import Keadaan, Menurut, Status
from ap2t.galat import BukuTidakTerjangkau
from ap2t.ledger.buku import Buku
from ap2t.ledger.mesin import buat_mesin
from ap2t.lihat.status_pelanggan import StatusPelanggan
from ap2t.web.pelanggan import daftar as pelanggan
from ap2t.web.pelanggan import indeks
from ap2t.web.sambungan import batasi
from tests.peramban import CHROMIUM, peramban

ORANG = [f"ramai{n}" for n in range(60)]
DETAK = 2.0
"""Seconds within which a heartbeat has to be answered, on a machine that is not itself standing still."""


def _koneksi(conn_id: str) -> dict[str, Any]:
    isi: dict[str, Any] = json.loads(os.environ[f"AIRFLOW_CONN_{conn_id.upper()}"])
    return isi


def _ramaikan(d: Dunia) -> None:
    """Give the unit sixty people."""
    for nama in ORANG:
        d.acmt.execute(
            "INSERT INTO acmt_dasar.petugas (username, nama, email, peran, unitup, aktif) "
            "VALUES (%s, 'x', NULL, 'ADMIN_CMT', %s, true)",
            [nama, d.unitup],
        )


class Keramaian:
    """Sixty people with a tab each, which asks for three things every three seconds, or when it is told to."""

    def __init__(self, klien: httpx.AsyncClient, jalan: list[str]) -> None:
        self._klien, self.jalan = klien, jalan
        self.jawaban: list[httpx.Response] = []
        self._tugas = [asyncio.create_task(self._jajak(n, o, j)) for n, o in enumerate(ORANG) for j in jalan]

    async def _jajak(self, ke: int, orang: str, jalan: str) -> None:
        await asyncio.sleep(4 * ke / len(ORANG))  # nobody comes in the very same instant
        while True:
            r = await self._klien.get(jalan, headers={"x-uji-orang": orang})
            self.jawaban.append(r)
            await asyncio.sleep(int(r.headers.get("retry-after", 3)))

    async def sampai_semua_dilayani(self, detik: float) -> None:
        """Return once everything that is asked is answered again; nobody does anything for it."""
        akhir = time.monotonic() + detik
        self.jawaban.clear()
        while len(self.jawaban) < len(self._tugas) or {r.status_code for r in self.jawaban[-len(self._tugas) :]} != {
            200
        }:
            gagal = [t.exception() for t in self._tugas if t.done()]
            assert not gagal
            assert time.monotonic() < akhir, {(r.status_code, r.text[:200]) for r in self.jawaban[-20:]}
            await asyncio.sleep(0.2)

    async def bubar(self) -> None:
        for t in self._tugas:
            t.cancel()
        await asyncio.gather(*self._tugas, return_exceptions=True)


def _antre_cpu() -> float:
    """Seconds that this process's threads were ready and got no processor, added up: what other work on it costs."""
    jumlah = 0
    for berkas in Path("/proc/self/task").glob("*/schedstat"):
        with suppress(OSError):  # a thread that has just ended
            jumlah += int(berkas.read_text().split()[1])
    return jumlah / 1e9


async def _detak(klien: httpx.AsyncClient) -> None:
    """One heartbeat, answered in time."""
    awal, antre = time.monotonic(), _antre_cpu()
    assert (await klien.get("/execution/detak", timeout=15)).status_code == 200
    lama, antre = time.monotonic() - awal, max(0.0, _antre_cpu() - antre)
    assert lama < DETAK + antre, (
        f"detak baru dijawab sesudah {lama:.1f} detik; {antre:.1f} detik di antaranya antre CPU"
    )


@pytest.mark.parametrize("conn_id", [koneksi.ACMT, koneksi.BUKU])
def test_sistem_membeku(dunia: Dunia, peladen: Peladen, monkeypatch: pytest.MonkeyPatch, conn_id: str) -> None:
    """ACMT or the ledger hangs and sixty people look: heartbeats are answered, people get 503, later all is well."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    _ramaikan(dunia)
    perantara = Perantara(_koneksi(conn_id))

    async def utama() -> None:
        async with peladen.klien() as klien, peladen.klien() as airflow:
            tuju = [
                f"/pengesahan/api/{j}"
                for j in ("saya", f"unit/{dunia.unitup}/{dunia.bulan}/kelompok", f"sesi/{jalan.sesi.nomor}")
            ]
            for j in tuju:  # somebody has looked already: there are connections, and they stand
                assert (await klien.get(j, headers={"x-uji-orang": dunia.spv})).status_code == 200
            perantara.bekukan(True)
            ramai = Keramaian(klien, tuju)
            try:
                akhir = time.monotonic() + 6
                while time.monotonic() < akhir:
                    await _detak(airflow)
                    await asyncio.sleep(0.2)
                ditolak = [r for r in ramai.jawaban if r.status_code != 200]
                assert {r.status_code for r in ditolak} == {503}
                assert all(int(r.headers["retry-after"]) <= 5 and r.json()["detail"] for r in ditolak)
                assert len(ditolak) > len(ORANG)
                perantara.bekukan(False)
                await ramai.sampai_semua_dilayani(25)
            finally:
                await ramai.bubar()

    with monkeypatch.context() as m:
        m.setenv(f"AIRFLOW_CONN_{conn_id.upper()}", json.dumps(perantara.koneksi))
        try:
            asyncio.run(utama())
        finally:
            perantara.bekukan(False)
    perantara.tutup()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None and os.environ.get("CI") != "true", reason="tidak ada Chromium")
def test_orang_melihat_gangguan(dunia: Dunia, peladen: Peladen, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person sees while the ledger hangs: what was there, why it stands still, and nothing to do about it."""
    monkeypatch.setenv("AP2T_KELOMPOK", "A")
    dunia.isi(2)
    perantara = Perantara(_koneksi(koneksi.BUKU))
    alasan = "salah baca di lapangan"
    with monkeypatch.context() as m, peramban() as chromium:
        m.setenv("AIRFLOW_CONN_CMT_DB", json.dumps(perantara.koneksi))
        daftar, isian, baru = (
            chromium.new_context(locale="id-ID", extra_http_headers={"x-uji-orang": orang}).new_page()
            for orang in (dunia.spv, dunia.spv, dunia.spv_b)
        )
        bulan = f"{peladen.url}/pengesahan/#/{dunia.unitup}/{dunia.bulan}"
        daftar.goto(bulan)
        isian.goto(f"{bulan}/pembatalan")
        isian.get_by_label("Alasan").fill(alasan)
        expect(daftar.locator(".tabel-kelompok")).to_be_visible(timeout=30_000)
        perantara.bekukan(True)
        try:
            baru.goto(bulan)  # who comes now sees no more than a sentence
            expect(baru.get_by_text("Halaman ini mencoba lagi sendiri.")).to_be_visible(timeout=30_000)
            for page, judul in ((daftar, "Daftar belum dapat diperbarui"), (isian, "Belum dapat dilayani")):
                pesan = page.locator(".pesan.nada-awas[role=status]", has_text=judul)
                expect(pesan).to_contain_text("yang sudah Anda tulis tidak hilang", timeout=40_000)
            expect(daftar.locator(".tabel-kelompok")).to_be_visible()
            expect(isian.get_by_label("Alasan")).to_have_value(alasan)
        finally:
            perantara.bekukan(False)
        for page in (daftar, isian, baru):
            expect(page.locator("main .judul").first).to_be_visible(timeout=30_000)
            expect(page.locator(".pesan")).to_have_count(0, timeout=30_000)
        expect(isian.get_by_label("Alasan")).to_have_value(alasan)
    perantara.tutup()


def test_koneksi_membeku_dilepas(dunia: Dunia) -> None:
    """A server that is frozen is given up after the page's own bound, and asked over another connection later."""
    perantara = Perantara(_koneksi(koneksi.BUKU))
    k = koneksi.Koneksi(koneksi.BUKU, **perantara.koneksi)
    buku = Buku(batasi(buat_mesin(k, koneksi_maks=1, hanya_baca=True, lekas=True), 1))
    hasil: list[object] = []

    def lihat() -> None:
        try:
            with buku.lihat() as tx:
                hasil.append(tx.conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
        except BukuTidakTerjangkau as e:
            hasil.append(e)

    lihat()
    perantara.bekukan(True)
    utas = threading.Thread(target=lihat, daemon=True)
    utas.start()
    utas.join(timeout=20)
    perantara.bekukan(False)
    lihat()
    buku.tutup()
    perantara.tutup()
    pertama, menolak, kedua = hasil
    assert isinstance(menolak, BukuTidakTerjangkau)
    assert isinstance(kedua, int)
    assert kedua != pertama


def test_tanpa_utas_bersama(halaman: Halaman, tuju: Tuju) -> None:
    """Every route is answered while not one of the threads is free that Airflow's own routes share."""

    async def utama() -> None:
        asyncio.get_running_loop().set_default_executor(TanpaUtas())
        bersama = anyio.to_thread.current_default_thread_limiter()
        while bersama.available_tokens:
            bersama.acquire_on_behalf_of_nowait(object())
        lewat = httpx.ASGITransport(halaman.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=lewat, base_url="http://airflow.uji") as klien:
            for r in RUTE:
                jalan, badan = tuju.permintaan(r)
                if "verifikasi" in jalan:
                    badan = {"json": {"unitup": tuju.unitup}}
                kepala = {"x-uji-orang": halaman.dunia.spv, "origin": "http://airflow.uji"}
                minta = klien.request(r.metode, jalan, headers=kepala, **badan)
                try:
                    jawab = await asyncio.wait_for(minta, 30)
                except TimeoutError:
                    pytest.fail(f"{r} menunggu utas yang dipakai bersama Airflow")
                while jawab.status_code == 503 and jawab.json()["kode"] == "MENYIAPKAN":
                    await asyncio.sleep(0.2)
                    jawab = await klien.request(r.metode, jalan, headers=kepala, **badan)
                assert jawab.status_code == 200, (r, jawab.text)

    asyncio.run(utama())


def _bulan_besar(t: Tempat, jumlah: int) -> indeks.IndeksBulan:
    """A month of some 250 bytes a customer."""
    k = Keadaan(
        Status.TERKIRIM, Status.TERKIRIM, ("X",), Menurut.ACMT, datetime.now(UTC), "PS-60001-202606-A-01-ee3a2080"
    )
    conn = indeks.baru()
    indeks.isi(
        conn,
        (
            StatusPelanggan(
                t,
                f"{n:012d}",
                k,
                ("KWH_NOL",),
                Decimal(n),
                Decimal(n) / 7,
                (),
                Bacaan(f"{n:012d}", *t, kddk="541100000001", nama="NAMA PELANGGAN YANG PANJANG", tarif="R1M"),
            )
            for n in range(jumlah)
        ),
    )
    bulan = indeks.IndeksBulan()
    bulan.gabung(t.hari_baca, conn.serialize(), indeks.KelompokTerindeks(None, datetime.now(UTC), jumlah))
    conn.close()
    return bulan


def test_unduhan_serentak(dunia: Dunia, peladen: Peladen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of sixty who fetch a file at once two are served, the others hold no memory; nobody has two; places come free."""
    _ramaikan(dunia)
    bulan = _bulan_besar(Tempat(dunia.unitup, dunia.bulan, "A"), 40_000)
    salinan = len(bulan.salinan())
    monkeypatch.setattr(pelanggan, "cari_daftar", lambda *_: pelanggan.DaftarPelanggan(bulan, [], [], ["A"], None))
    proses = psutil.Process()
    jalan = f"/pengesahan/api/unit/{dunia.unitup}/{dunia.bulan}/pelanggan"

    async def utama() -> None:
        async with peladen.klien() as klien:
            for nama in ORANG:
                kepala = {"x-uji-orang": nama}
                assert (await klien.get("/pengesahan/api/saya", headers=kepala)).status_code == 200
            awal = proses.memory_info().rss

            async def buka(nama: str) -> httpx.Response:
                minta = klien.build_request("GET", f"{jalan}.csv", headers={"x-uji-orang": nama})
                return await klien.send(minta, stream=True)  # nothing of it is read yet: it stays open

            jawaban = await asyncio.gather(*map(buka, ORANG))
            dilayani = [r for r in jawaban if r.status_code == 200]
            ditolak = [r for r in jawaban if r.status_code != 200]
            assert (len(dilayani), {r.status_code for r in ditolak}) == (2, {503})
            assert all(r.headers["retry-after"] for r in ditolak)
            kedua = await buka(ORANG[jawaban.index(dilayani[0])])
            assert (kedua.status_code, bool(kedua.headers["retry-after"])) == (429, True)
            assert proses.memory_info().rss - awal < 6 * salinan, "jauh lebih dari dua salinan"
            for r in (*jawaban, kedua):
                await r.aclose()
            akhir = time.monotonic() + 10
            while (lagi := await buka(ORANG[0])).status_code != 200:  # who went away leaves the place
                assert time.monotonic() < akhir
                await asyncio.sleep(0.1)
            baris = (await lagi.aread()).decode("utf-8-sig").splitlines()
            assert len(baris) == 40_001
            await lagi.aclose()

    asyncio.run(utama())


def test_ap2t_menggantung(halaman: Halaman) -> None:
    """An AP2T that hangs keeps nobody who previews a cancellation for long, and is tried by few of those who come."""
    d = halaman.dunia
    d.isi(1)
    halaman.app.konteks.data.batas = 1
    halaman.baca("/api/saya")
    alamat, isi = f"{halaman.alamat}/A/pratinjau-pembatalan", {"cakupan": "semua"}
    d.sandbox.ganggu("tahan", "daftar", sisa=None, detik=8)
    jawaban: list[httpx.Response] = []
    utas = [
        threading.Thread(target=lambda: jawaban.append(halaman.minta(alamat, metode="POST", json=isi)), daemon=True)
        for _ in range(6)
    ]
    for u in utas:
        u.start()
    for u in utas:
        u.join(timeout=30)
    d.pulihkan()
    assert len(jawaban) == len(utas)
    assert {(r.status_code, r.json()["kode"], bool(r.headers["retry-after"])) for r in jawaban} == {(503, "AP2T", True)}
    akhir = time.monotonic() + 20
    while halaman.minta(alamat, metode="POST", json=isi).status_code != 200:
        assert time.monotonic() < akhir
        time.sleep(0.5)


def test_badan_terlalu_besar(halaman: Halaman, tuju: Tuju) -> None:
    """More than any route takes is not even taken in, however it is announced."""

    def potongan() -> Any:
        for _ in range(64):
            yield b"[" * 65_536

    for r in RUTE:
        if r.metode == "GET":
            continue
        jalan, _ = tuju.permintaan(r)
        kepala = {"content-type": "application/json"}
        jawab = halaman.minta(jalan, "", r.metode, headers=kepala, content=potongan())
        assert (jawab.status_code, jawab.json()["kode"]) == (413, "TERLALU_BESAR"), r


def test_satu_unit_rusak(halaman: Halaman) -> None:
    """Units whose data in ACMT are broken hide none of a person's others: both are named."""
    d = halaman.dunia
    d.isi(1)
    d.acmt.execute("INSERT INTO acmt_dasar.unit VALUES ('60998', 'ULP Rusak', '60000', '60', 'Bukan/Zona')")
    for unitup in ("60998", "60997"):  # the second is in no list of units
        d.acmt.execute(
            "INSERT INTO acmt_dasar.petugas (username, nama, email, peran, unitup, aktif) "
            "VALUES (%s, 'x', NULL, 'ADMIN_CMT', %s, true)",
            [d.spv, unitup],
        )
    try:
        saya = halaman.baca("/api/saya")
        assert [(u["unitup"], u["zona_waktu"]) for u in saya["unit"]] == [
            (d.unitup, "Asia/Jakarta"),
            ("60998", "Asia/Jakarta"),
        ]
        assert "60997" in saya["galat_acmt"]
        assert "Zona waktu unit 60998 di ACMT tidak dikenal: Bukan/Zona" in saya["galat_acmt"]
        halaman.baca(f"{halaman.alamat}/kelompok")
    finally:
        with psycopg.connect(d.alamat.acmt, autocommit=True) as conn:
            conn.execute("DELETE FROM acmt_dasar.petugas WHERE unitup IN ('60998', '60997')")
            conn.execute("DELETE FROM acmt_dasar.unit WHERE unitup = '60998'")
