"""The page as an SPV TE works with it: SOP 12.1, steps 4 to 8, and everything that may come between."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Browser, Page, expect

from ap2t.domain.kaidah.tanda import Dlpd
from sandbox.acmt_demo import kasus_khusus
from tests.e2e.conftest import BARIS, StackUji, ditahan, serentak
from tests.e2e.halaman_uji import (
    LAMA,
    SETUJU,
    SPV,
    SPV_B,
    TANDA,
    TOLAK,
    UNIT,
    Orang,
    angka,
    berakhir,
    jawab,
    jumlah,
    peramban,
    siap_dijawab,
)
from tests.e2e.run_uji import RunUji

pytestmark = TANDA
Badan = Callable[[StackUji, Browser, RunUji], None]


def di_peramban(siapkan: Callable[[StackUji], RunUji]) -> Callable[[Badan], Callable[..., None]]:
    """Let a test run side by side with others, in a browser of its own, once ``siapkan`` has made what it needs."""

    def pasang(badan: Badan) -> Callable[..., None]:
        def uji(stack: StackUji) -> None:
            siap = siapkan(stack)
            with peramban() as chromium:
                badan(stack, chromium, siap)

        uji.__name__, uji.__doc__, uji.__module__ = badan.__name__, badan.__doc__, badan.__module__
        return serentak(uji)

    return pasang


def menunggu(kode: str) -> Callable[[StackUji], RunUji]:
    """A run of a kelompok that stands at its gate."""
    return lambda stack: RunUji(stack, UNIT, kode).berdiri()


def lolos(kode: str) -> int:
    """How many customers of a kelompok the rules let pass."""
    return BARIS - len(ditahan(UNIT, kode))


@serentak
def test_langkah_4_sampai_8(stack: StackUji) -> None:
    """Choose the hari baca, start, read the rekap, send one back, press Sah/Setuju: "Sukses", and the numbers move."""
    with peramban() as chromium:
        langkah_4_sampai_8(stack, Orang(stack, chromium, SPV), "C")


def langkah_4_sampai_8(stack: StackUji, spv: Orang, kode: str) -> None:
    page = spv.buka(UNIT, stack.bulan(UNIT, kode))
    baris = page.get_by_role("row").filter(has=page.get_by_role("link", name=f"Kelompok {kode},"))
    expect(baris.locator(".sel-sudah")).to_have_text("0", timeout=30_000)
    baris.get_by_role("link").click()
    page.get_by_role("button", name=f"Mulai pengesahan kelompok {kode}").click()
    expect(page.get_by_role("list", name="Tahap sesi")).to_be_visible(timeout=LAMA)
    siap_dijawab(page)
    assert jumlah(page, "Akan disahkan") == lolos(kode)
    assert jumlah(page, "Ditahan") == len(ditahan(UNIT, kode))
    assert "di atas 2.000 jam" in str(page.locator(".sebaran svg").get_attribute("aria-label"))
    naik = next(i for i, k in kasus_khusus(UNIT, kode, baris=BARIS).items() if k.nama == Dlpd.NAIK_50)
    page.get_by_role("button", name="Naik 50 %").click()
    page.get_by_role("button", name=f"Kembalikan {naik}").click()
    page.get_by_label(f"Alasan mengembalikan {naik}").fill("foto buram")
    akibat = page.locator(".akibat")
    expect(akibat).to_contain_text(f"{angka(lolos(kode) - 1)} pelanggan")
    sebelum = akibat.inner_text()
    assert (SPV in sebelum, "kWh" in sebelum, "sidik" in sebelum) == (True, True, True)
    spv.potret("halaman-rekap")
    page.get_by_role("button", name="Periksa satu per satu").click()
    periksa = page.locator("dialog.periksa")
    expect(periksa.locator(".grafik-bulan rect").first).to_be_visible()
    expect(periksa.locator(".foto-besar img")).not_to_have_js_property(
        "naturalWidth", 0
    )  # the demo's own server has it
    spv.potret("halaman-periksa")
    periksa.get_by_role("button", name="Sudah dilihat").click()
    page.keyboard.press("Escape")
    expect(akibat).to_contain_text("1 dari", timeout=30_000)
    siap_dijawab(page).get_by_role("button", name=SETUJU).click()
    for apa in (f"Kelompok {kode}", "putaran 1", f"({UNIT})", "1 foto buram", f"{angka(lolos(kode) - 1)} pelanggan"):
        expect(page.get_by_role("dialog")).to_contain_text(apa)
    page.get_by_role("dialog").get_by_role("button", name=SETUJU, exact=True).click()
    akhir = berakhir(page, "Sukses")
    expect(akhir.locator(".pindah-sudah")).to_contain_text(f"0 → {angka(lolos(kode) - 1)}", timeout=30_000)
    expect(akhir).to_contain_text("1 dikembalikan")
    spv.potret("halaman-sukses")
    nomor = page.url.rsplit("/", 1)[-1].split("?")[0]
    jawaban = stack.buku(
        "SELECT p.keputusan, p.oleh, p.kembalikan FROM pengesahan.persetujuan p "
        "JOIN pengesahan.sesi s ON s.id = p.sesi_id WHERE s.nomor = %s",
        nomor,
    )
    assert jawaban == [("SETUJU", SPV, [naik])]
    ap2t = stack.baris_ap2t(UNIT, stack.bulan(UNIT, kode), kode)
    assert {i for i, b in ap2t.items() if b["kodeposting"] == 1} == set(ap2t) - ditahan(UNIT, kode) - {naik}
    alasan = stack.acmt("SELECT alasan FROM acmt_dasar.pengembalian WHERE idpel = %s", naik)
    assert alasan == [(f"foto buram (pengesahan {nomor})",)]
    page.get_by_text("Jejak sesi").click()
    expect(page.locator(".garis-waktu li")).not_to_have_count(0)
    spv.tanpa_keluhan()


@di_peramban(menunggu("G"))
def test_login_berakhir_tidak_menghapus_isian_lalu_ditolak(stack: StackUji, chromium: Browser, siap: RunUji) -> None:
    """The login ends while a person types: the page stays, all is there after a new login; then Tolak with a note."""
    spv = Orang(stack, chromium, None)
    page = spv.kelompok("G")
    spv.masuk(SPV)  # and lands where the link led
    siap_dijawab(page)
    kembali = sorted(siap.boleh())[0]
    page.get_by_label("Catatan").fill("Periksa lagi dengan")
    spv.konteks.clear_cookies()
    pita = page.get_by_role("alert").filter(has_text="Sesi login berakhir")
    expect(pita).to_be_visible(timeout=30_000)
    page.get_by_label("Catatan").fill("Periksa lagi dengan vendor")
    spv.potret("halaman-login-berakhir")
    pita.get_by_role("button", name="Masuk lagi").click()
    page.wait_for_url("**/auth/login**")
    spv.masuk(SPV)
    page.wait_for_url("**/pengesahan/**")
    expect(page.get_by_label("Catatan")).to_have_value("Periksa lagi dengan vendor", timeout=30_000)
    page.get_by_role("textbox", name="Idpel yang dikembalikan").fill(kembali)
    page.get_by_role("button", name="Tambah").click()
    page.get_by_label(f"Alasan mengembalikan {kembali}").fill("rumah kosong")
    siap_dijawab(page).get_by_role("button", name=TOLAK).click()
    expect(page.get_by_role("dialog")).to_contain_text("Tidak ada yang diposting")
    page.get_by_role("dialog").get_by_role("button", name=TOLAK, exact=True).click()
    berakhir(page, "Ditolak pengesah")
    expect(page.locator(".jawaban")).to_contain_text("Periksa lagi dengan vendor")
    expect(page.get_by_role("list", name="Tahap sesi")).to_contain_text("Persetujuan: selesai")
    expect(page.get_by_role("list", name="Tahap sesi")).to_contain_text("Posting: tidak dikerjakan")
    assert siap.sesi["status"] == "DITOLAK"
    assert [(j[1], j[2], j[3]) for j in siap.persetujuan()] == [("TOLAK", SPV, [kembali])]
    assert siap.terposting() == set()


@di_peramban(menunggu("N"))
def test_pengesah_lain_lebih_dulu(stack: StackUji, chromium: Browser, siap: RunUji) -> None:
    """Two people at one session: who comes second is told who answered and what, and both see the same end."""
    satu, dua = Orang(stack, chromium, SPV), Orang(stack, chromium, SPV_B)
    page, kedua = satu.kelompok("N"), dua.kelompok("N")
    siap_dijawab(kedua)
    siap_dijawab(page).get_by_role("button", name=SETUJU).click()
    siap.kirim_jawaban(TOLAK, oleh=SPV_B)
    page.get_by_role("dialog").get_by_role("button", name=SETUJU, exact=True).click()
    pesan = page.get_by_role("alert").filter(has_text="Sudah dijawab orang lain")
    expect(pesan).to_contain_text(f"{SPV_B} menjawab {TOLAK}")
    satu.potret("halaman-didahului")
    for layar in (page, kedua):
        berakhir(layar, "Ditolak pengesah")
        expect(layar.locator(".jawaban")).to_contain_text(SPV_B)
    assert [(j[1], j[2]) for j in siap.persetujuan()] == [("TOLAK", SPV_B)]


@di_peramban(menunggu("O"))
def test_terhenti_lalu_diulang(stack: StackUji, chromium: Browser, siap: RunUji) -> None:
    """A step fails: the page says why and what to do, and doing it again is one button; nothing goes twice."""
    spv = Orang(stack, chromium, SPV)
    page = spv.kelompok("O")
    kelompok = {"unitup": UNIT, "thblrek": siap.sesi["thblrek"], "hari_baca": "O"}
    siap_dijawab(page)
    stack.sandbox("POST", "periode", json={**kelompok, "terbuka": False})
    jawab(page)
    pesan = page.get_by_role("alert").filter(has_text="Sesi terhenti")
    expect(pesan).to_contain_text("FUNGSI2_TERTUTUP", timeout=LAMA)
    spv.potret("halaman-terhenti")
    stack.sandbox("POST", "periode", json={**kelompok, "terbuka": True})
    pesan.get_by_role("button", name="Ulangi langkah yang gagal").click()
    page.get_by_role("dialog").get_by_role("button", name="Ulangi").click()
    berakhir(page, "Sukses")
    siap.berhasil()


def tab_sampai(page: Page, nama: str, batas: int = 150) -> None:
    """Press Tab until a button has the focus, and see that it shows."""
    for _ in range(batas):
        page.keyboard.press("Tab")
        kini = page.evaluate(
            "() => { let d = document; while (d.activeElement?.contentDocument) d = d.activeElement.contentDocument;"
            "  const a = d.activeElement; return [a.innerText ?? '', d.defaultView.getComputedStyle(a).outlineStyle]; }"
        )
        if kini[0].strip() == nama:
            assert kini[1] == "solid"
            return
    raise AssertionError(f"{nama} tidak tercapai dengan Tab")


@di_peramban(menunggu("K"))
def test_di_dalam_airflow_dengan_papan_ketik(stack: StackUji, chromium: Browser, siap: RunUji) -> None:
    """In Airflow's navigation, and as a run's tab, where a keyboard alone is enough to approve."""
    spv = Orang(stack, chromium, SPV, lebar=1440)
    page = spv.page
    page.goto(f"{stack.alamat}/")
    page.get_by_role("link", name="Pengesahan").first.click()
    muka = page.frame_locator("iframe[title='Pengesahan']")
    expect(muka.get_by_role("heading", name="Kelompok hari baca")).to_be_visible(timeout=30_000)
    muka.get_by_role("link", name="Riwayat").click()
    expect(muka.get_by_role("heading", name="Riwayat")).to_be_visible()
    page.wait_for_url("**/riwayat")
    page.reload()  # Airflow's own address leads back to the same place
    expect(muka.get_by_role("heading", name="Riwayat")).to_be_visible(timeout=30_000)
    spv.potret("halaman-navigasi")

    page.goto(f"{stack.alamat}/{siap.jalan.replace('dagRuns', 'runs')}")
    tab = page.locator("a[href*='/plugin/pengesahan-run']")
    with suppress(AssertionError):  # on a busy machine Airflow's own page may stay half empty until it is loaded again
        expect(tab).to_be_visible()
    if not tab.count():
        page.reload()
    expect(tab).to_have_text("Pengesahan")
    page.goto(f"{stack.alamat}{tab.get_attribute('href')}")  # Airflow's own page is never still enough for a click
    bingkai = page.wait_for_selector("iframe[title='Pengesahan']").content_frame()
    assert bingkai is not None
    siap_dijawab(bingkai)
    spv.potret("halaman-tab-run")
    bingkai.locator("main").focus()
    tab_sampai(page, SETUJU)
    page.keyboard.press("Enter")
    expect(bingkai.get_by_role("dialog")).to_contain_text(f"{angka(lolos('K'))} pelanggan")
    page.keyboard.press("Escape")
    expect(bingkai.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Enter")  # the focus is back where it was
    expect(bingkai.get_by_role("dialog")).to_be_visible()
    tab_sampai(page, SETUJU, 4)
    page.keyboard.press("Enter")
    berakhir(bingkai, "Sukses")
    siap.berhasil()


def sudah_disahkan(stack: StackUji) -> RunUji:
    """A kelompok that is approved, to be cancelled in part."""
    run = RunUji(stack, UNIT, "L")
    run.sah()
    return run


@di_peramban(sudah_disahkan)
def test_pembatalan(stack: StackUji, chromium: Browser, siap: RunUji) -> None:
    """Find two customers, take the list along as a file, see what cannot be cancelled and why, cancel the two."""
    spv, bulan = Orang(stack, chromium, SPV), stack.bulan(UNIT, "L")
    page, semua = spv.buka(UNIT, bulan, "pelanggan"), siap.terposting()
    page.get_by_label("Kelompok").select_option("L")
    page.get_by_role("button", name="Sudah disahkan").click()
    expect(page.locator(".tabel-pelanggan tbody tr")).not_to_have_count(0, timeout=60_000)
    expect(page.locator(".tabel-pelanggan .cap").first).to_have_text("Sudah disahkan")
    dua = sorted(semua)[:2]
    for idpel in dua:
        page.get_by_role("searchbox", name="Cari").fill(idpel)
        page.get_by_label(f"Pilih {idpel}").check()
    with page.expect_download() as unduhan:
        page.get_by_role("button", name="CSV").click()
    assert dua[1] in unduhan.value.path().read_text()
    page.get_by_role("button", name="Batalkan pengesahannya").click()
    daftar = page.get_by_label("Daftar idpel")
    expect(daftar).to_have_value("\n".join(dua))
    tahan = min(ditahan(UNIT, "L"))
    daftar.fill("\n".join([*dua, tahan, "999990000001"]))
    page.get_by_label("Alasan").fill("Salah baca di lapangan, berita acara 7")
    page.get_by_role("button", name="Lihat apa yang dapat dibatalkan").click()
    pratinjau = page.get_by_role("region", name="Pratinjau pembatalan")
    expect(pratinjau).to_contain_text("2 pelanggan dapat dibatalkan", timeout=30_000)
    expect(pratinjau).to_contain_text(tahan)
    expect(pratinjau).to_contain_text("999990000001")
    spv.potret("halaman-pembatalan", penuh=True)
    assert siap.terposting() == semua
    page.get_by_role("button", name="Lanjutkan pembatalan 2 pelanggan").click()
    siap_dijawab(page)
    assert jumlah(page, "Akan dibatalkan") == 2
    jawab(page)
    berakhir(page, "Sukses")
    assert siap.terposting() == semua - set(dua)
    spv.buka(UNIT, bulan, "pelanggan", dua[0])
    expect(page.locator(".status-kartu")).to_contain_text("Dibatalkan", timeout=30_000)
    spv.tanpa_keluhan()
