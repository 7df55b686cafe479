"""The work list in a real browser: filters stand in the address, and nobody loses the place."""

from __future__ import annotations

import re
from typing import Any

from halaman_fixtures import Peladen
from playwright.sync_api import expect
from proses_fixtures import Dunia, jalankan_sampai

from tests.peramban import pakai_chromium, peramban

BANYAK = 60


@pakai_chromium
def test_daftar_kerja_tidak_kehilangan_tempat(dunia: Dunia, peladen: Peladen) -> None:
    """Filter, order, page: back, reload and a link bring the same view; a name that was searched for stays here."""
    ubah: dict[int, dict[str, Any]] = {
        n: {"foto_url": None, "petugas_baca": f"baca{n % 3}", "nama": f"Orang {n:02}"} for n in range(BANYAK)
    }
    ubah[7] |= {"pemkwh_lalu": "10", "pemkwh_rata3": "10", "kelainan": "BURAM"}
    dunia.isi(BANYAK, ubah)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    dasar = f"{peladen.url}/pengesahan/#/{dunia.unitup}/{dunia.bulan}/{dunia.kode}/{jalan.sesi.nomor}"
    with peramban() as chromium:
        konteks = chromium.new_context(
            locale="id-ID", extra_http_headers={"x-uji-orang": dunia.spv}, viewport={"width": 1366, "height": 768}
        )
        page = konteks.new_page()
        page.goto(dasar)
        daftar = page.locator(".tabel-baris tbody tr")
        expect(daftar).to_have_count(50, timeout=30_000)
        expect(daftar.first).to_contain_text(dunia.idpel(7))
        expect(page.get_by_role("combobox", name="Kelainan", exact=True)).to_contain_text("BURAM (1)")
        page.get_by_role("combobox", name="Petugas baca", exact=True).select_option("baca2")
        expect(daftar).to_have_count(BANYAK // 3)
        page.get_by_role("combobox", name="Urutkan", exact=True).select_option("idpel")
        page.get_by_role("button", name="▲ naik").click()
        page.get_by_role("combobox", name="Per halaman", exact=True).select_option("25")
        terakhir = dunia.idpel(BANYAK - 1)
        expect(daftar.first).to_contain_text(terakhir)
        expect(page).to_have_url(re.compile("petugas_baca=baca2&urut=idpel&arah=turun&ukuran=25"))
        # a tick survives a look at a customer, and the list comes back at the same place
        pilih = page.get_by_role("button", name=f"Kembalikan {dunia.idpel(2)}")
        pilih.click()
        page.get_by_role("link", name=dunia.idpel(2)).first.click()
        expect(page.locator(".satu")).to_be_visible(timeout=15_000)
        page.get_by_role("button", name="Kembali").click()
        expect(daftar).to_have_count(BANYAK // 3, timeout=15_000)
        expect(daftar.first).to_contain_text(terakhir)
        expect(page.get_by_role("button", name=f"Dikembalikan {dunia.idpel(2)}")).to_be_visible()
        expect(page.get_by_role("row").get_by_role("link", name=dunia.idpel(2))).to_be_focused()
        expect(page.get_by_role("row").get_by_role("link", name=dunia.idpel(2))).to_be_in_viewport()
        # so does a link, for somebody else
        lain = chromium.new_context(locale="id-ID", extra_http_headers={"x-uji-orang": dunia.spv_b}).new_page()
        lain.goto(page.url)
        expect(lain.locator(".tabel-baris tbody tr").first).to_contain_text(terakhir, timeout=30_000)
        page.reload()
        expect(daftar.first).to_contain_text(terakhir, timeout=30_000)
        # a name is no part of any address
        page.get_by_role("searchbox", name="Cari").fill("orang 05")
        expect(daftar).to_have_count(1)
        assert "orang" not in page.url.lower()
        page.get_by_role("searchbox", name="Cari").fill("tidak ada yang begini")
        page.get_by_role("button", name="Kosongkan saringan").click()
        expect(daftar).to_have_count(50)
        page.get_by_role("button", name="Berikutnya").click()
        expect(daftar).to_have_count(BANYAK - 50)


@pakai_chromium
def test_kembalikan_banyak(dunia: Dunia, peladen: Peladen) -> None:
    """All of a filter, a pasted list, one reason for all, and nobody without one; the question names the place."""
    ubah: dict[int, dict[str, Any]] = {n: {"foto_url": None, "petugas_baca": f"baca{n % 3}"} for n in range(BANYAK)}
    ubah[0] |= {"sahlwbp": "9999", "pemkwh": None}
    dunia.isi(BANYAK, ubah)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    with peramban() as chromium:
        page = chromium.new_context(locale="id-ID", extra_http_headers={"x-uji-orang": dunia.spv}).new_page()
        page.goto(f"{peladen.url}/pengesahan/#/{dunia.unitup}/{dunia.bulan}/{dunia.kode}?daftar=semua")
        kembali = page.locator(".kembalikan-daftar li")
        page.get_by_role("combobox", name="Petugas baca", exact=True).select_option("baca0")
        # while another list is on its way nothing is offered for the one before
        semua = page.get_by_role("button", name=f"Kembalikan semua {BANYAK // 3} pelanggan ini")
        expect(semua).to_be_visible()
        tertahan: list[Any] = []
        page.route("**/baris?*", lambda rute: tertahan.append(rute))
        page.get_by_role("combobox", name="Petugas baca", exact=True).select_option("baca1")
        expect(page.locator(".memperbarui")).to_be_visible()
        expect(page.get_by_role("button", name="Kembalikan semua")).to_have_count(0)
        for rute in tertahan:
            rute.continue_()
        page.unroute("**/baris?*")
        page.get_by_role("combobox", name="Petugas baca", exact=True).select_option("baca0")
        expect(page.get_by_role("button", name=f"Kembalikan {dunia.idpel(3)}")).to_be_visible()
        expect(page.get_by_role("button", name=f"Kembalikan {dunia.idpel(0)}")).to_have_count(0)  # it is held
        semua.click()
        expect(kembali).to_have_count(BANYAK // 3 - 1)  # the one that is held is not sent back
        setuju = page.locator(".aksi-lekat").get_by_role("button", name="Sah/Setuju")
        expect(setuju).to_have_attribute("aria-disabled", "true")
        expect(page.locator(".aksi-lekat")).to_contain_text(f"alasan {BANYAK // 3 - 1} pelanggan")
        satu, dua, ditahan = dunia.idpel(1), dunia.idpel(2), dunia.idpel(0)
        page.get_by_placeholder("idpel 12 angka").fill(f"{satu}, {dua} foto buram\n{ditahan}\n999999999999\nhalo")
        page.get_by_role("button", name="Tambah").click()
        expect(kembali).to_have_count(BANYAK // 3 + 1)
        expect(page.locator("#salah-idpel")).to_contain_text(f"{ditahan} ditahan")
        expect(page.locator("#salah-idpel")).to_contain_text("999999999999 tidak ada dalam sesi ini")
        expect(page.locator("#salah-idpel")).to_contain_text("“halo” bukan idpel")
        expect(page.get_by_label(f"Alasan mengembalikan {dua}")).to_have_value("foto buram")
        page.get_by_label("Alasan untuk yang belum beralasan").fill("stan tidak sesuai foto")
        page.get_by_role("button", name="Pakai").click()
        expect(page.get_by_label(f"Alasan mengembalikan {dunia.idpel(3)}")).to_have_value("stan tidak sesuai foto")
        expect(page.locator(".aksi-lekat")).not_to_contain_text("Tulis dahulu alasan")
        expect(page.locator("#akibat")).to_contain_text(f"{BANYAK - 1 - (BANYAK // 3 + 1)} pelanggan")
        # no answer goes while a list is still being added, or with a second customer within a reason
        page.get_by_placeholder("idpel 12 angka").fill(f"{dunia.idpel(4)} buram, {dunia.idpel(5)} salah baca")
        page.get_by_role("button", name="Tambah").click()
        expect(page.locator("#salah-idpel")).to_contain_text("satu pelanggan per baris")
        expect(kembali).to_have_count(BANYAK // 3 + 1)
        tertahan.clear()
        page.route("**/baris?*", lambda rute: tertahan.append(rute))
        page.get_by_placeholder("idpel 12 angka").fill(f"{dunia.idpel(4)} foto buram")
        page.get_by_role("button", name="Tambah").click()
        expect(page.locator(".aksi-lekat")).to_contain_text("masih disusun")
        for rute in tertahan:
            rute.continue_()
        page.unroute("**/baris?*")
        expect(kembali).to_have_count(BANYAK // 3 + 2)
        expect(page.locator(".aksi-lekat")).not_to_contain_text("masih disusun")
        page.get_by_role("button", name=f"Jangan kembalikan {dunia.idpel(4)}").click()
        page.reload()
        expect(kembali).to_have_count(BANYAK // 3 + 1, timeout=30_000)
        expect(page.locator("#akibat")).to_contain_text("kWh")
        page.get_by_role("button", name="Kosongkan daftar").click()
        expect(kembali).to_have_count(0)
        page.get_by_role("link", name="Pelanggan", exact=True).click()
        expect(page.locator(".tabel-pelanggan tbody tr")).to_have_count(50, timeout=30_000)
        expect(page.get_by_text("sedang disusun lagi")).to_have_count(0, timeout=15_000)
    assert jalan.sesi.tahap == "MENUNGGU_PERSETUJUAN"


@pakai_chromium
def test_gerbang_kedua(dunia: Dunia, peladen: Peladen) -> None:
    """What the first approver sent back is counted exactly, in kWh too, and asked for in one piece."""
    dunia.pola(pengesah=2)
    semua = dunia.isi(BANYAK)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(*semua[:40])
    jalan.buka_gerbang(2)
    with peramban() as chromium:
        page = chromium.new_context(locale="id-ID", extra_http_headers={"x-uji-orang": dunia.spv_b}).new_page()
        diminta: list[str] = []
        page.on("request", lambda minta: "/baris?" in minta.url and diminta.append(minta.url))
        page.goto(f"{peladen.url}/pengesahan/#/{dunia.unitup}/{dunia.bulan}/{dunia.kode}")
        sisa = BANYAK - 40
        expect(page.locator("#akibat")).to_contain_text(
            f"{sisa} pelanggan ({sisa * 150:,} kWh)".replace(",", "."), timeout=30_000
        )
        assert len([satu for satu in diminta if "saring=dikembalikan" in satu]) == 1
        assert len(diminta) < 5


@pakai_chromium
def test_tautan_yang_tidak_sah(dunia: Dunia, peladen: Peladen) -> None:
    """A link with what no list has is told in a sentence, and one press brings the list."""
    dunia.isi(3)
    jalankan_sampai(dunia, "buka_gerbang")
    with peramban() as chromium:
        page = chromium.new_context(locale="id-ID", extra_http_headers={"x-uji-orang": dunia.spv}).new_page()
        page.goto(f"{peladen.url}/pengesahan/#/{dunia.unitup}/{dunia.bulan}/{dunia.kode}?urut=aneh&halaman=0&daftar=x")
        page.locator(".baris-sesi").get_by_role("button", name="Coba lagi").click(timeout=30_000)
        expect(page.locator(".tabel-baris tbody tr")).to_have_count(3)
        assert "aneh" not in page.url


@pakai_chromium
def test_tombol_tidak_terpotong(dunia: Dunia, peladen: Peladen) -> None:
    """Whatever the width, also where 1366 px are shown at 175 %: what can be pressed stands within the window."""
    besar = {"slalwbp": "177555.461", "sahlwbp": "177787.492", "slawbp": "35530.552", "sahwbp": "35581.485"}
    besar |= {"digit_meter": "6", "daya": "3465000", "fkmkwh": "8000", "pemkwh": None}
    dunia.isi(2, {0: {"foto_url": None, "pemkwh_lalu": "10", "pemkwh_rata3": "12"}, 1: {"foto_url": None, **besar}})
    jalankan_sampai(dunia, "buka_gerbang")
    with peramban() as chromium:
        page = chromium.new_context(locale="id-ID", extra_http_headers={"x-uji-orang": dunia.spv}).new_page()
        page.goto(f"{peladen.url}/pengesahan/#/{dunia.unitup}/{dunia.bulan}/{dunia.kode}")
        tombol = page.locator(".tabel-baris .sel-aksi button")
        expect(tombol).to_have_count(4, timeout=30_000)
        expect(page.locator(".tabel-baris")).to_contain_text("177.787,492")
        for lebar in (320, 390, 704, 720, 768, 780, 855, 900, 960, 1024, 1180, 1366, 1920):
            page.set_viewport_size({"width": lebar, "height": 768})
            kotak = tombol.last.bounding_box()
            wadah = page.locator(".tabel-wadah", has=page.locator(".tabel-baris")).bounding_box()
            assert kotak
            assert wadah
            assert wadah["x"] <= kotak["x"], lebar
            assert kotak["x"] + kotak["width"] <= wadah["x"] + wadah["width"] <= lebar, lebar


@pakai_chromium
def test_baris_pertama_terlihat(dunia: Dunia, peladen: Peladen) -> None:
    """On a small laptop the first customer stands above the fold, with every flag and every filter there."""
    tanda: list[dict[str, Any]] = [
        {"foto_url": None},
        {"pemkwh_lalu": "10", "pemkwh_rata3": "12"},
        {"pemkwh_lalu": "900", "pemkwh_rata3": "900"},
        {"sahlwbp": "1000", "pemkwh": "0"},
        {"sahlwbp": "1010", "pemkwh": "10"},
        {"sahlwbp": "2000", "pemkwh": "1000"},
        {"lwbpcabut": "1100", "lwbppasang": "0", "sahlwbp": "50", "pemkwh": None},
        {"sahlwbp": "9999", "pemkwh": None},
        {"sahlwbp": "900", "pemkwh": None},
    ]
    lain = ("petugas_baca", "tarif", "kelainan", "kode_baca")
    dunia.isi(9, {n: {kolom: f"{kolom[0].upper()}{n % 2}" for kolom in lain} | isi for n, isi in enumerate(tanda)})
    jalankan_sampai(dunia, "buka_gerbang")
    with peramban() as chromium:
        page = chromium.new_context(
            locale="id-ID", extra_http_headers={"x-uji-orang": dunia.spv}, viewport={"width": 1366, "height": 768}
        ).new_page()
        page.goto(f"{peladen.url}/pengesahan/#/{dunia.unitup}/{dunia.bulan}/{dunia.kode}?daftar=semua")
        baris = page.locator(".tabel-baris tbody a.idpel").first
        expect(baris).to_be_visible(timeout=30_000)
        assert page.locator(".tapis .kode").count() > 8
        kotak, lekat = baris.bounding_box(), page.locator(".aksi-lekat").bounding_box()
        assert kotak
        assert lekat
        assert kotak["y"] + kotak["height"] <= lekat["y"]
        expect(page).to_have_title(f"(1) Kelompok {dunia.kode} · Pengesahan")
        page.emulate_media(media="print")
        expect(page.locator(".aksi-lekat")).to_be_hidden()
        expect(page.locator(".tabel-baris")).to_be_visible()
        page.emulate_media(media="screen")
        page.get_by_text("Sebaran jam nyala dan cara verifikasi").click()
        expect(page.locator(".sebaran svg")).to_be_visible()
