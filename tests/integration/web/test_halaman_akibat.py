"""The effect of an approval in a real browser: its figures once it is opened, in both themes and on a phone."""

from __future__ import annotations

from typing import Any

from halaman_fixtures import Peladen
from playwright.sync_api import Page, expect
from proses_fixtures import Dunia, jalankan_sampai
from test_akibat import R1, hargai
from test_kisah import _tanpa_harga  # noqa: F401 -- a fixture
from test_riwayat import _tabel, isi_riwayat  # noqa: F401 -- the first is a fixture

from tests.peramban import pakai_chromium, peramban

UBAH: dict[int, dict[str, Any]] = {
    0: {"pemkwh_lalu": "40", "cara_baca_lalu": "TAKSIR", "nama": "Nur Aminah"},
    1: {"pemkwh_lalu": "200", "petugas_baca": "baca2"},
    2: {"tarif": "B9", "pemkwh_lalu": None, "foto_url": None},
}
LEBAR = (1366, 390)


@pakai_chromium
def test_akibat(dunia: Dunia, peladen: Peladen) -> None:
    """Nothing is asked for until it is opened. Then: sums, movers that lead to their customer, tables; all fits."""
    hargai(dunia, R1)
    dunia.isi(4, UBAH)
    isi_riwayat(dunia, 3, 12, kwh=120)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    alamat = f"{peladen.url}/pengesahan/#/{dunia.unitup}/{dunia.bulan}/{dunia.kode}/{jalan.sesi.nomor}"
    with peramban() as chromium:
        for tema in ("light", "dark"):
            konteks = chromium.new_context(
                locale="id-ID", color_scheme=tema, extra_http_headers={"x-uji-orang": dunia.spv}
            )
            page = konteks.new_page()
            diminta: list[str] = []
            page.on("request", lambda satu, semua=diminta: semua.append(satu.url.rsplit("/", 1)[-1]))
            page.goto(alamat)
            judul = page.get_by_text("Akibat: terhadap bulan lalu, tahun lalu, dan perkiraan rupiah")
            expect(judul).to_be_visible(timeout=30_000)
            expect(page.locator(".akibat-isi")).to_have_count(0)
            assert "akibat" not in diminta
            judul.click()
            expect(page.locator(".akibat-isi")).to_be_visible()
            periksa_isi(page, dunia)
            for nama in ("Menurut tanda", "Menurut tarif", "Menurut petugas baca"):
                page.locator(".akibat-isi summary", has_text=nama).click()
                expect(page.get_by_role("table", name=nama)).to_be_visible()
            for lebar in LEBAR:
                page.set_viewport_size({"width": lebar, "height": 768})
                assert page.evaluate("document.documentElement.scrollWidth") <= lebar
                for kotak in page.locator(".akibat-isi :is(.figur, .hitungan li, td)").all():
                    luber = kotak.evaluate("e => e.scrollWidth - e.clientWidth")
                    assert luber <= 1, (tema, lebar, kotak.inner_text())
            assert diminta.count("akibat") == 1
            page.get_by_role("link", name=dunia.idpel(0)).last.click()
            expect(page.locator(".satu")).to_contain_text("Nur Aminah", timeout=15_000)
            konteks.close()


def periksa_isi(page: Page, d: Dunia) -> None:
    """By hand: 450 kWh beside 390 of last month, 150 beside 120 of last year; 150.000 rupiah a customer."""
    figur = {
        satu.locator("dt").inner_text(): satu.locator("dd").inner_text()
        for satu in page.locator(".akibat-isi .figur").all()
    }
    assert figur == {
        "Terhadap Mei 2026": "+15 %\n390 → 450 kWh, 3 pelanggan",
        "Terhadap Juni 2025": "+25 %\n120 → 150 kWh, 1 pelanggan",
        "Rata-rata per pelanggan": "150 kWh\nbulan lalu 130 · tahun lalu 120",
        "Perkiraan bagian energi": "Rp 450.000\n3 pelanggan yang harganya diketahui",
        "Perkiraan terhadap bulan lalu": "+15 %\ndari Rp 390.000, 3 pelanggan",
        "Perkiraan naik lebih dari 20 %": "1\npelanggan; 1 di antaranya ditaksir bulan lalu",
    }
    naik, turun = page.locator(".akibat-isi .hitungan").all()
    expect(naik).to_contain_text(f"{d.idpel(0)} Nur Aminah")
    expect(naik).to_contain_text("40 → 150 kWh +275 %")
    expect(turun).to_contain_text(d.idpel(1))
    expect(page.locator(".akibat-isi")).to_contain_text("perkiraan, bukan tagihan")
