"""One customer after another in a real browser: photo, months, neighbours; by keyboard alone."""

from __future__ import annotations

import re
from typing import Any

from halaman_fixtures import Peladen, airflow_palsu
from playwright.sync_api import Page, Route, expect
from proses_fixtures import Dunia, jalankan_sampai

from ap2t.domain.kalender import bulan_tambah
from tests.peramban import cacat_axe, pakai_chromium, peramban

BANYAK = 12
SVG = "xmlns='http://www.w3.org/2000/svg'"


def meter(rute: Route) -> None:
    """Draw a photo: the digits that its address ends in; one that is 'rusak' is not there."""
    angka = re.sub(r"^.*?([0-9a-z.-]+)\.svg$", r"\1", rute.request.url)
    if angka == "rusak":
        rute.fulfill(status=404)
        return
    isi = f"<svg {SVG} viewBox='0 0 400 300'><text x='60' y='160' font-size='60'>{angka}</text></svg>"
    rute.fulfill(status=200, content_type="image/svg+xml", body=isi)


def riwayat(d: Dunia, n: int, kwh: list[int], **ubah: Any) -> None:
    """Write a customer's months before this one, the newest last, each with a photo of its stan."""
    stan = 1000 - sum(kwh)
    for ke, satu in enumerate(kwh):
        bulan = bulan_tambah(d.bulan, ke - len(kwh))
        stan += satu
        isi = {
            "sahlwbp": stan,
            "kwh": satu,
            "jam_nyala": satu / 1.3,
            "cara_baca": "BACA",
            "foto_url": foto(stan),
        } | ubah.get(bulan, {})
        d.acmt.execute(
            "INSERT INTO acmt_dasar.riwayat (idpel, thblrek, sahlwbp, kwh, jam_nyala, cara_baca, foto_url) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [d.idpel(n), bulan, isi["sahlwbp"], isi["kwh"], isi["jam_nyala"], isi["cara_baca"], isi["foto_url"]],
        )


def foto(stan: object) -> str:
    return f"https://foto.acmt.example/{stan}.svg"


def halaman_baru(chromium: Any, d: Dunia, oleh: str, **lain: Any) -> Page:
    konteks = chromium.new_context(locale="id-ID", extra_http_headers={"x-uji-orang": oleh}, **lain)
    page: Page = konteks.new_page()
    page.route("https://foto.acmt.example/**", meter)
    return page


@pakai_chromium
def test_satu_demi_satu(dunia: Dunia, peladen: Peladen) -> None:
    """Photo of this month beside those before, months, neighbours, reasons; on and back by key, over a page's end."""
    ubah: dict[int, dict[str, Any]] = {
        n: {"foto_url": foto(1150), "kddk": "ABCDEFG0001", "pemkwh_lalu": "10", "pemkwh_rata3": "10"}
        for n in range(BANYAK)
    }
    ubah[3] |= {"foto_url": foto("rusak")}
    dunia.isi(BANYAK, ubah)
    for n in range(BANYAK):
        riwayat(dunia, n, [100 + ke for ke in range(24)], **{bulan_tambah(dunia.bulan, -3): {"cara_baca": "TAKSIR"}})
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    with peramban() as chromium:
        page = halaman_baru(chromium, dunia, dunia.spv, viewport={"width": 1366, "height": 768})
        page.goto(
            f"{peladen.url}/pengesahan/#/{dunia.unitup}/{dunia.bulan}/{dunia.kode}?daftar=semua&urut=idpel&ukuran=25"
        )
        expect(page.locator(".tabel-baris tbody tr")).to_have_count(BANYAK, timeout=30_000)
        page.keyboard.press("p")
        kotak = page.locator("dialog.periksa")
        expect(kotak.get_by_role("heading", level=2)).to_be_focused()
        expect(kotak).to_contain_text(f"1 dari {BANYAK}")
        expect(kotak.locator(".foto-besar img")).to_have_attribute("src", foto(1150))
        expect(kotak.locator(".foto-lalu img")).to_have_count(6)
        expect(kotak.locator(".grafik-bulan rect")).to_have_count(25)
        expect(kotak.locator(".grafik-bulan .bulan-setahun title")).to_contain_text("112 kWh")
        expect(kotak.locator(".grafik-bulan .bulan-taksir")).to_have_count(1)
        expect(kotak).to_contain_text(f"{BANYAK - 1} tetangga di rute ABCDEFG")
        expect(kotak).to_contain_text(f"fotonya sama dengan foto pelanggan {dunia.idpel(1)}")
        expect(kotak).to_contain_text("jam nyala 115,385")
        # larger, turned; an earlier month in the large place, and this month again with the next customer
        page.keyboard.press("+")
        page.keyboard.press("o")
        expect(kotak.locator(".foto-besar img")).to_have_attribute("style", re.compile("rotate.90deg.*150%"))
        kotak.locator(".foto-lalu button").nth(2).click()
        expect(kotak.locator(".foto-besar img")).to_have_attribute("src", foto(877))
        expect(kotak.locator(".periksa-foto > p")).to_have_text("Foto April 2026stan akhirnya 877")
        page.keyboard.press("j")
        expect(kotak).to_contain_text(f"2 dari {BANYAK}")
        expect(kotak.locator(".foto-besar img")).to_have_attribute("src", foto(1150))
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(kotak).to_contain_text("Foto tidak dapat ditampilkan")
        page.keyboard.press("k")
        expect(kotak.locator(".foto-besar img")).to_have_attribute("src", foto(1150))
        # sent back with a reason by two keys, and not after all; in words; whoever types is left alone
        page.keyboard.press("r")
        page.keyboard.press("3")
        expect(kotak).to_contain_text(f"4 dari {BANYAK}")
        page.keyboard.press("k")
        expect(kotak).to_contain_text(f"3 dari {BANYAK}")
        expect(kotak.locator(".periksa-atas")).to_contain_text("Dikembalikan")
        page.keyboard.press("r")  # another reason takes the place of the first, and nobody leaves the list by it
        expect(page.get_by_label("Alasan lain")).to_have_value("stan tidak sesuai foto")
        page.keyboard.press("1")
        expect(kotak).to_contain_text(f"4 dari {BANYAK}")
        page.keyboard.press("k")
        expect(kotak).to_contain_text(f"3 dari {BANYAK}")
        expect(kotak.locator(".periksa-atas")).to_contain_text("Dikembalikan")
        page.keyboard.press("r")
        page.get_by_role("button", name="Jangan kembalikan", exact=True).click()
        expect(kotak.locator(".periksa-atas")).not_to_contain_text("Dikembalikan")
        page.keyboard.press("r")
        page.keyboard.press("Escape")  # the reason first, then the window
        expect(kotak).to_contain_text(f"3 dari {BANYAK}")
        page.keyboard.press("r")
        page.get_by_label("Alasan lain").fill("jk kabur")
        page.get_by_label("Alasan lain").press("Enter")
        expect(kotak).to_contain_text(f"4 dari {BANYAK}")
        # the address holds the place: reload, then back in the list where one was
        page.reload()
        expect(kotak).to_contain_text(f"4 dari {BANYAK}", timeout=30_000)
        page.keyboard.press("Escape")
        expect(kotak).to_have_count(0)
        expect(page.get_by_role("row").get_by_role("link", name=dunia.idpel(3))).to_be_focused()
        expect(page.get_by_label(f"Alasan mengembalikan {dunia.idpel(2)}")).to_have_value("jk kabur")
        # over the end of a page and back
        page.goto(page.url.replace("ukuran=25", "ukuran=5") + "&periksa=" + dunia.idpel(4))
        expect(page.locator(".tabel-baris tbody tr")).to_have_count(5)
        expect(kotak).to_contain_text(f"5 dari {BANYAK}")
        page.keyboard.press("j")
        expect(kotak).to_contain_text(dunia.idpel(5))
        page.keyboard.press("k")
        expect(kotak).to_contain_text(dunia.idpel(4))
        for tema in ("light", "dark"):
            page.emulate_media(color_scheme=tema)
            for lebar in (390, 683, 768, 1366):  # 683: 1366 at 200 %
                page.set_viewport_size({"width": lebar, "height": 768})
                page.evaluate("Promise.all(document.getAnimations().map((satu) => satu.finished))")  # of colours
                assert cacat_axe(page) == [], (tema, lebar)
                assert page.evaluate("document.querySelector('dialog').scrollWidth <= innerWidth"), lebar
        # a key that is held down counts once
        page.keyboard.down("j")
        page.keyboard.down("j")
        page.keyboard.down("j")
        page.keyboard.up("j")
        expect(kotak).to_contain_text(f"6 dari {BANYAK}")
        page.keyboard.press("k")
        expect(kotak).to_contain_text(f"5 dari {BANYAK}")
        # without the keys nothing happens by itself
        page.keyboard.press("?")
        page.get_by_label("Tombol satu huruf").uncheck()
        kotak.get_by_role("heading", level=2).focus()
        page.keyboard.press("j")
        expect(kotak).to_contain_text(f"5 dari {BANYAK}")
        kotak.get_by_role("button", name="Berikutnya").click()
        expect(kotak).to_contain_text(f"6 dari {BANYAK}")
    assert jalan.sesi.tahap == "MENUNGGU_PERSETUJUAN"


SEMUA, DITANDAI = 8000, 300
KETUKAN_MAKS = 700
TERLIHAT = """(ke) => {
  const kotak = document.querySelector("dialog.periksa");
  const isi = kotak.querySelector(".periksa-isi");
  if (!isi || !kotak.querySelector(".periksa-atas").textContent.startsWith(`${ke} dari`)) return null;
  const teks = (jalan) => isi.querySelector(jalan)?.textContent ?? "";
  return {
    foto: isi.querySelector(".foto-besar img")?.src ?? "",
    stan: teks(".periksa-foto .stan b"),
    sebab: teks(".periksa-sebab"),
    taksir: isi.querySelectorAll(".grafik-bulan .bulan-taksir").length,
    tetangga: teks(".tetangga p"),
  };
}"""
"""What a person sees of the customer at this place of the list; of a photo its digits, which its address ends in."""


def mencurigakan(lihat: dict[str, Any]) -> int | None:
    """Judge a customer as a supervisor would, and return the number of the reason; None: it may be approved."""
    difoto = re.search(r"([0-9]+)\.svg$", lihat["foto"])
    if difoto and difoto[1] != lihat["stan"].replace(".", ""):
        return 3
    if "dipakai dua kali" in lihat["sebab"]:
        return 5
    if "biasanya dibaca" in lihat["sebab"]:
        return 6
    if lihat["taksir"]:
        return 7
    kini, _, _, atas = (
        float(satu.replace(".", "").replace(",", "."))
        for satu in re.findall(r"[0-9.]+(?:,[0-9]+)?", lihat["tetangga"])[:4]
    )
    return 4 if kini > 3 * atas else None


@pakai_chromium
def test_delapan_ribu_dengan_papan_ketik(dunia: Dunia, peladen: Peladen) -> None:
    """Of 300 flagged rows 20 hide what only photo, months or neighbours show: all are found, by keyboard alone."""
    naik: dict[str, Any] = {
        "pemkwh_lalu": "80",
        "pemkwh_rata3": "90",
        "kddk": "ABCDEFG0001",
        "latitude": "-6.2",
        "longitude": "106.8",
    }
    ubah = {n: {**naik, "foto_url": f"https://foto.acmt.example/{n}/1150.svg"} for n in range(DITANDAI)}
    for n in range(20):
        ubah[n * 15] |= [
            {"foto_url": f"https://foto.acmt.example/{n}/1105.svg"},  # the photo shows 1105, 1150 was written down
            {"foto_url": "https://foto.acmt.example/dua/1150.svg"},  # one photo for four
            {"latitude": "-6.173"},  # 3 km from where it always was
            {"pemkwh_rata3": "91"},  # its last month was estimated
            {"sahlwbp": "1900", "pemkwh": "900"},  # six times what the neighbours have
        ][n % 5]
    dunia.isi(SEMUA, ubah)
    bulan = [
        (dunia.idpel(n), bulan_tambah(dunia.bulan, -ke), 1000 - 80 * (ke - 1), n % 75 == 45 and ke == 1)
        for n in range(DITANDAI)
        for ke in range(1, 7)
    ]
    with dunia.acmt.cursor() as kursor:
        kursor.executemany(
            "INSERT INTO acmt_dasar.riwayat (idpel, thblrek, sahlwbp, kwh, jam_nyala, cara_baca, latitude, longitude) "
            "VALUES (%s, %s, %s, 80, 61.5, CASE WHEN %s THEN 'TAKSIR' ELSE 'BACA' END, -6.2, 106.8)",
            bulan,
        )
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    ditanam = {dunia.idpel(n * 15) for n in range(20)}
    ketukan = 0
    with peramban() as chromium:
        page = halaman_baru(chromium, dunia, dunia.spv, viewport={"width": 1366, "height": 768})
        dijawab = airflow_palsu(page)
        page.goto(f"{peladen.url}/pengesahan/#/{dunia.unitup}/{dunia.bulan}/{dunia.kode}")
        expect(page.get_by_role("button", name="Perlu diperhatikan")).to_have_attribute(
            "aria-pressed", "true", timeout=60_000
        )
        expect(page.locator(".tabel-baris tbody tr")).to_have_count(50)

        def ketuk(*tombol: str) -> None:
            nonlocal ketukan
            for satu in tombol:
                page.keyboard.press(satu)
                ketukan += 1

        ketuk("p")
        for ke in range(1, DITANDAI + 1):
            alasan = mencurigakan(page.wait_for_function(TERLIHAT, arg=str(ke)).json_value())
            ketuk(*(("Space",) if alasan is None else ("r", str(alasan))))
        expect(page.locator("dialog.periksa")).to_contain_text(f"{DITANDAI} dari {DITANDAI}")
        ketuk("Escape")
        kembali = page.locator(".kembalikan-daftar li b")
        assert set(kembali.all_text_contents()) == ditanam
        expect(page.locator("#akibat")).to_contain_text(
            f"{DITANDAI} dari {DITANDAI} yang ditandai dilihat", timeout=15_000
        )
        expect(page.locator("#akibat")).to_contain_text(f"{SEMUA - 20:,} pelanggan".replace(",", "."))
        ketuk("s", "Enter")
        expect(page.get_by_role("dialog")).to_contain_text("Sah/Setuju pengesahan kelompok")
        page.keyboard.press("p")  # behind a question no key does anything
        expect(page.locator("dialog.periksa")).to_have_count(0)
        ketuk("Tab", "Tab", "Enter")
        expect(page.get_by_text("Jawaban Anda terkirim: Sah/Setuju")).to_be_visible()
    assert ketukan <= KETUKAN_MAKS
    [(_, isi)] = dijawab
    jalan.terima(pilihan=isi["chosen_options"][0], isian=isi["params_input"])
    jalan.posting()
    assert dunia.terposting() == {dunia.idpel(n) for n in range(SEMUA)} - ditanam
