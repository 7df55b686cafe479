"""The page's list of customers sent back: its route and file, and the screen on a desk, on a phone and in the dark."""

from __future__ import annotations

import csv
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from halaman_fixtures import Halaman, Peladen
from playwright.sync_api import Page, expect
from proses_fixtures import Dunia, jalankan_sampai

from ap2t.lihat.pengembalian import BarisPengembalian
from ap2t.web.rute import pengembalian
from tests.peramban import pakai_chromium, peramban


def kembalikan(d: Dunia, banyak: int) -> None:
    """Send back all but the first; the second of them is sent anew, and posted in a second round."""
    d.pola("BERTAHAP", batas_pengembalian_hari="3")
    semua = d.isi(banyak + 1)
    jalan = jalankan_sampai(d, "buka_gerbang")
    jalan.terima(isian={"kembalikan": [f"{idpel} =foto buram, baca ulang" for idpel in semua[1:]]})
    jalan.sampai(dari="posting")
    d.stempel_baru(2)
    jalankan_sampai(d)
    d.stempel_baru(3)


def majukan(monkeypatch: pytest.MonkeyPatch, hari: int) -> None:
    """Let the route's clock be some days ahead."""

    class Nanti(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime.now(UTC) + timedelta(days=hari)

    monkeypatch.setattr(pengembalian, "datetime", Nanti)


def test_rute(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts by state, rows with their due day, the same as a file in which nothing is a formula; ACMT may be away."""
    d = halaman.dunia
    kembalikan(d, 3)
    jalan = f"{halaman.alamat}/pengembalian"
    isi = halaman.baca(jalan)
    assert isi["jumlah"] == {"MENUNGGU_VENDOR": 1, "DIKIRIM": 1, "DISAHKAN": 1}
    assert [(b["idpel"], b["keadaan"], b["putaran"]) for b in isi["baris"]] == [
        (d.idpel(1), "MENUNGGU_VENDOR", None),
        (d.idpel(3), "DIKIRIM", None),
        (d.idpel(2), "DISAHKAN", 2),
    ]
    assert {*isi["baris"][0]} == {*BarisPengembalian._fields}
    assert isi["galat_acmt"] is None
    [satu] = csv.DictReader(io.StringIO(halaman.minta(f"{jalan}.csv?keadaan=DIKIRIM").text.removeprefix("\ufeff")))
    assert (satu["idpel"], satu["alasan"][:6], satu["terlambat"]) == (d.idpel(3), "'=foto", "tidak")
    assert halaman.minta(f"{jalan}.csv").text.count("\r\n") == 4
    assert halaman.minta(f"{jalan}.csv?keadaan=SALAH").status_code == 400
    majukan(monkeypatch, 4)
    assert [b["terlambat"] for b in halaman.baca(jalan)["baris"]] == [True, False, False]
    halaman.putuskan_acmt(monkeypatch)
    isi = halaman.baca(jalan)
    assert (isi["galat_acmt"], isi["jumlah"]) == ("ACMT tidak menjawab.", {"TANPA_ACMT": 2, "DISAHKAN": 1})


def potret(page: Page, nama: str) -> None:
    """Keep a picture where ``UJI_POTRET`` names a folder."""
    if folder := os.environ.get("UJI_POTRET"):
        page.screenshot(path=str(Path(folder) / f"{nama}.png"), full_page=True)


@pakai_chromium
def test_layar(dunia: Dunia, peladen: Peladen, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the customers' screen: late ones first, filters with counts, the file, the customer; nothing is cut off."""
    kembalikan(dunia, 3)
    majukan(monkeypatch, 4)
    dasar = f"{peladen.url}/pengesahan/#/{dunia.unitup}/{dunia.bulan}"
    with peramban() as chromium:
        konteks = chromium.new_context(
            locale="id-ID", extra_http_headers={"x-uji-orang": dunia.spv}, viewport={"width": 1366, "height": 768}
        )
        page = konteks.new_page()
        page.goto(f"{dasar}/pelanggan")
        page.get_by_role("link", name="Dikembalikan").click()
        expect(page.get_by_role("heading", level=1, name="Dikembalikan")).to_be_focused()
        baris = page.get_by_role("table", name="Dikembalikan").locator("tbody tr")
        expect(baris).to_have_count(3)
        expect(baris.first).to_contain_text("terlambat")
        expect(page.get_by_text("1 pelanggan lewat batas dan belum dikirim lagi.")).to_be_visible()
        expect(baris.nth(2).get_by_role("link", name="putaran 2")).to_be_visible()
        potret(page, "meja")
        page.get_by_role("button", name="Menunggu vendor 1").click()
        expect(baris).to_have_count(1)
        with page.expect_download() as unduhan:
            page.get_by_role("button", name="CSV").click()
        assert unduhan.value.suggested_filename == f"dikembalikan-{dunia.unitup}-{dunia.bulan}.csv"
        assert dunia.idpel(1) in Path(unduhan.value.path()).read_text("utf-8-sig")
        page.get_by_role("link", name=dunia.idpel(1)).click()
        expect(page.locator(".satu")).to_be_visible()
        page.get_by_role("button", name="Kembali").click()
        expect(baris).to_have_count(1)  # the filter stands in the address
        page.get_by_role("button", name="Dikirim lagi 1").click()
        expect(baris).to_have_count(2)
        ponsel = chromium.new_context(
            locale="id-ID",
            extra_http_headers={"x-uji-orang": dunia.spv},
            viewport={"width": 360, "height": 740},
            color_scheme="dark",
        ).new_page()
        ponsel.goto(f"{dasar}/pelanggan/dikembalikan")
        expect(ponsel.get_by_text("terlambat", exact=True)).to_be_visible()
        assert ponsel.evaluate("document.documentElement.scrollWidth") <= 360
        potret(ponsel, "ponsel")
