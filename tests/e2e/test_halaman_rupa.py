"""The page for everybody: light and dark, on a phone, for a screen reader, for who may only look; with hostile data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import ap2t.web
from ap2t.domain.kaidah.tanda import Dlpd
from sandbox.acmt_demo import kasus_khusus
from tests.e2e.conftest import BARIS, StackUji, disiapkan
from tests.e2e.halaman_uji import (
    SETUJU,
    SPV,
    TANDA,
    TOLAK,
    UNIT,
    Orang,
    cacat_axe,
    meluap,
    peramban,
    siap_dijawab,
    tenang,
)
from tests.e2e.run_uji import RunUji

pytestmark = TANDA
KODE = "M"
JAHAT = "<script>document.title='jebol'</script><img src=x onerror=\"document.title='jebol'\">"
NAIK = next(i for i, k in kasus_khusus(UNIT, KODE, baris=BARIS).items() if k.nama == Dlpd.NAIK_50)


BERTINDAK = re.compile("^(Sah.Setuju|Tolak|Mulai|Kembalikan|Batalkan|Lanjutkan|Lihat apa|Ulangi)")


def bernama_skrip(stack: StackUji) -> RunUji:
    """A gate that stands, with a customer whose name is a script."""
    stack.acmt("UPDATE acmt_dasar.bacaan SET nama = %s WHERE idpel = %s", JAHAT, NAIK)
    return RunUji(stack, UNIT, KODE).berdiri()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with peramban() as satu:
        yield satu


def layar(stack: StackUji, run: RunUji) -> dict[str, tuple[str, ...]]:
    """Every screen, by name, with a month that has something to show."""
    bulan = stack.bulan(UNIT, KODE)
    return {
        "kelompok": (UNIT, bulan),
        "sesi": (UNIT, bulan, KODE),
        "pelanggan": (UNIT, bulan, "pelanggan"),
        "satu-pelanggan": (UNIT, bulan, "pelanggan", NAIK),
        "pembatalan": (UNIT, bulan, "pembatalan"),
        "riwayat": (UNIT, bulan, "riwayat"),
        "riwayat-sesi": (UNIT, bulan, "sesi", run.sesi["nomor"]),
    }


def lihat(orang: Orang, nama: str, bagian: tuple[str, ...], gaya: str) -> Page:
    """Open a screen, wait until it is all there, keep a picture."""
    page = orang.buka(*bagian)
    expect(page.locator("main .judul:visible").first).to_be_visible(timeout=30_000)
    tenang(page)
    if nama == "sesi":
        siap_dijawab(page)
    orang.potret(f"halaman-{nama}-{gaya}")
    return page


@pytest.mark.parametrize("gelap", [False, True], ids=["terang", "gelap"])
@disiapkan(bernama_skrip)
def test_layar_terbaca(stack: StackUji, chromium: Browser, siap: RunUji, gelap: bool) -> None:
    """axe-core finds nothing serious on any screen, in both themes."""
    spv, gaya = Orang(stack, chromium, SPV, gelap=gelap), "gelap" if gelap else "terang"
    cacat = {nama: cacat_axe(lihat(spv, nama, bagian, gaya)) for nama, bagian in layar(stack, siap).items()}
    page = spv.kelompok(KODE)
    siap_dijawab(page).get_by_role("button", name=TOLAK).click()
    cacat["dialog"] = cacat_axe(page)
    assert {n: c for n, c in cacat.items() if c} == {}
    assert page.evaluate("document.documentElement.dataset.tema") == gaya
    spv.tanpa_keluhan()


@disiapkan(bernama_skrip)
def test_ponsel(stack: StackUji, chromium: Browser, siap: RunUji) -> None:
    """At a phone's width nothing is cut off, and the answer is at hand."""
    spv = Orang(stack, chromium, SPV, gelap=True, lebar=390, tinggi=844)
    lebih = {nama: meluap(lihat(spv, nama, bagian, "ponsel")) for nama, bagian in layar(stack, siap).items()}
    assert {n: px for n, px in lebih.items() if px > 0} == {}
    page = spv.kelompok(KODE)
    expect(siap_dijawab(page).get_by_role("button", name=SETUJU)).to_be_in_viewport()
    assert cacat_axe(page) == []
    spv.tanpa_keluhan()


@disiapkan(bernama_skrip)
def test_nama_skrip_hanya_teks(stack: StackUji, chromium: Browser, siap: RunUji) -> None:
    """A customer called <script> is text, wherever the page shows it."""
    spv = Orang(stack, chromium, SPV)
    page = spv.kelompok(KODE)
    siap_dijawab(page)
    page.get_by_role("button", name="Naik 50 %").click()
    expect(page.locator(".nama").get_by_text(JAHAT, exact=True)).to_be_visible()
    spv.buka(UNIT, stack.bulan(UNIT, KODE), "pelanggan", NAIK)
    expect(page.get_by_role("heading", level=1)).to_contain_text(JAHAT, timeout=30_000)
    spv.buka(UNIT, stack.bulan(UNIT, KODE), "pelanggan")
    page.get_by_role("searchbox", name="Cari").fill("<script>document")
    expect(page.locator(".nama").get_by_text(JAHAT, exact=True)).to_be_visible(timeout=60_000)
    assert "jebol" not in page.title()
    spv.tanpa_keluhan()


@disiapkan(bernama_skrip)
def test_auditor_hanya_membaca(stack: StackUji, chromium: Browser, siap: RunUji) -> None:
    """An auditor sees every unit and every screen, checks the chain at a click, and has no button that acts."""
    auditor = Orang(stack, chromium, "auditor")
    for nama, bagian in layar(stack, siap).items():
        page = auditor.buka(*bagian)
        expect(page.get_by_text("hanya baca")).to_be_visible(timeout=30_000)
        tenang(page)
        expect(page.get_by_role("button", name=BERTINDAK), nama).to_have_count(0)
    assert page.get_by_label("Unit").locator("option").count() == 3
    auditor.buka(UNIT, stack.bulan(UNIT, KODE), "riwayat")
    page.get_by_role("button", name="Periksa keutuhan").click()
    expect(page.locator(".keutuhan-isi .pesan")).to_be_visible(timeout=120_000)
    auditor.potret("halaman-auditor")
    expect(page.locator(".keutuhan-isi strong")).to_have_text("Utuh")
    auditor.tanpa_keluhan()


def test_tanpa_peran_dan_unit_lain(stack: StackUji, chromium: Browser) -> None:
    """Who holds no role reads what to ask for; another unit's address shows nothing of it."""
    orang = Orang(stack, chromium, "vendor55210")
    orang.buka(UNIT)
    expect(orang.page.locator("body")).to_contain_text("ADMIN_CMT", timeout=30_000)
    spv = Orang(stack, chromium, SPV)
    page = spv.buka("54110", stack.bulan("54110", "A"))
    expect(page.get_by_text("Unit 54110 bukan unit Anda")).to_be_visible(timeout=30_000)


def test_angka_tepat(stack: StackUji, chromium: Browser) -> None:
    """Decimals are exact on the page too, and written as people here read them."""
    page = Orang(stack, chromium, SPV).buka(UNIT)
    hasil = page.evaluate(
        """async () => {
          const { angka, juta, perubahan, tulisJuta } = await import("./statis/js/angka.js");
          return [angka("1234567.1235"), angka("0.000001", 6), angka("999.9995"), angka(null), angka("-12.5"),
                  tulisJuta(juta("0.1") + juta("0.2"), 6), angka("12345678901234567.891"), angka(2000),
                  perubahan("160", "100").teks, perubahan("95.5", "100").teks, perubahan("1", "0")];
        }"""
    )
    assert hasil == [
        *("1.234.567,124", "0,000001", "1.000", "\u2013", "\u221212,5", "0,3", "12.345.678.901.234.567,891", "2.000"),
        *("+60 %", "\u22124,5 %", None),
    ]


def test_kelompok_tanpa_pelanggan_bukan_selesai(stack: StackUji, chromium: Browser) -> None:
    """0 of 0 approved is not done: reading has not begun; all of some is, and what was not looked at is not known."""
    page = Orang(stack, chromium, SPV).buka(UNIT)
    hasil = page.evaluate(
        """async () => {
          const { macet } = await import("./statis/js/layar/tahap.js");
          const baris = (n, sah) => ({ pelanggan: n, terisi: n, terverifikasi: n, terkirim: n, sudah_disahkan: sah });
          return [baris(0, 0), baris(9, 9), baris(9, 4), baris(null, 0)].map((b) => macet(b)?.kunci ?? "selesai");
        }"""
    )
    assert hasil == ["kosong", "selesai", "sah", "belum"]


def test_modul_dimuat_serentak() -> None:
    """The page names every module it will need, so that a phone far away does not wait for one after the other."""
    statis = Path(ap2t.web.__file__).parent / "statis"
    ada = {f.relative_to(statis.parent).as_posix() for f in statis.rglob("*.js")}
    disebut = re.findall(r'(?:href|src)="(statis/[^"]+\.js)"', (statis / "halaman.html").read_text())
    assert sorted(disebut) == sorted(ada)
