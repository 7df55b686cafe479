"""The page's table of kelompok and its sessions, on real parts."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from batal_fixtures import batalkan_sampai
from halaman_fixtures import AUDITOR, Halaman, Peladen, airflow_palsu
from playwright.sync_api import expect
from proses_fixtures import Dunia, jalankan_sampai

from ap2t.domain.kalender import bulan_tambah
from ap2t.web.rute import sesi as rute_sesi
from tests.peramban import pakai_chromium, peramban


def test_kelompok_dan_sesi(halaman: Halaman) -> None:
    """SOP 12.1, steps 4 to 7: the kelompok waits for its SPV TE, then its customers have moved to "sudah disahkan"."""
    d = halaman.dunia
    d.isi(6, {0: {"sahlwbp": "9999", "pemkwh": None}})
    saya = halaman.baca("/api/saya")
    assert (saya["username"], saya["peran"]) == (d.spv, "SPV_TE")
    assert [u["unitup"] for u in saya["unit"]] == [d.unitup]
    assert d.bulan in saya["unit"][0]["bulan"]
    assert halaman.baca("/api/saya", AUDITOR)["peran"] == "AUDITOR"

    jalan = jalankan_sampai(d, "buka_gerbang")
    [baris] = halaman.baca(f"{halaman.alamat}/kelompok")["baris"]
    assert baris["sesi"]["giliran_saya"]
    assert baris["belum_disahkan"] == 6
    s = halaman.baca(f"/api/sesi/{jalan.sesi.nomor}")
    assert s["giliran_saya"]
    assert s["rekap"]["hasil"]["lolos"] == 5
    assert sum(k["jumlah"] for k in s["rekap"]["sebaran"]) == 6
    assert s["rekap"]["sebaran"][-1] == {"dari": 2000, "sampai": None, "jumlah": 1, "ditahan": 1}

    jalan.terima(d.idpel(1))
    jalan.sampai(dari="posting")
    s = halaman.baca(f"/api/sesi/{jalan.sesi.nomor}")
    assert (s["sesi"]["status"], s["kiriman"]) == ("SELESAI", {"total": 4, "selesai": 4, "per": {"POSTING": 4}})
    assert s["gerbang"][0]["jawaban"]["kembalikan"][0]["idpel"] == d.idpel(1)
    isi = halaman.baca(f"{halaman.alamat}/kelompok")
    assert (isi["baris"][0]["sudah_disahkan"], isi["jumlah"]["belum_disahkan"]) == (4, 2)


def test_daftar_kerja(halaman: Halaman) -> None:
    """Filters that combine, each value with its count; the search finds names; the largest change stands first."""
    d = halaman.dunia
    ubah: dict[int, dict[str, Any]] = {
        0: {"foto_url": None, "petugas_baca": "baca2", "kddk": "AB0102000100", "nama": "Nur Aminah"},
        1: {"foto_url": None, "tarif": "B2", "pemkwh_lalu": "10", "pemkwh_rata3": "10"},
        2: {"foto_url": None, "tarif": "B2", "petugas_baca": "baca2"},
        3: {"pemkwh_lalu": "90", "pemkwh_rata3": "90", "kelainan": "BURAM"},
        4: {"sahlwbp": "9999", "pemkwh": None, "tarif": "B2"},
    }
    d.isi(6, ubah)
    jalan = jalankan_sampai(d, "buka_gerbang")
    alamat = f"/api/sesi/{jalan.sesi.nomor}/baris"

    def daftar(kueri: str = "", cari: str | None = None) -> tuple[list[str], dict[str, dict[str, int]]]:
        isi = halaman.baca(f"{alamat}?{kueri}", headers={"x-cari": cari})
        assert isi["jumlah"] == len(isi["baris"])
        pilahan = {nama: dict(map(tuple, nilai)) for nama, nilai in isi["pilahan"].items()}
        return [b["idpel"] for b in isi["baris"]], pilahan

    semua, pilahan = daftar()
    assert len(semua) == 6
    assert semua[:2] == [d.idpel(4), d.idpel(1)], "held rows first, then by the size of the change"
    assert (pilahan["tarif"]["B2"], pilahan["petugas_baca"]["baca2"], pilahan["kode"]["TANPA_FOTO"]) == (3, 2, 3)
    dipilih, pilahan = daftar("tarif=B2&kode=TANPA_FOTO")
    assert sorted(dipilih) == [d.idpel(1), d.idpel(2)]
    assert (pilahan["tarif"]["B2"], sum(pilahan["tarif"].values())) == (2, 3), "of all without a photo"
    assert pilahan["petugas_baca"]["baca2"] == 1
    assert daftar("tarif=B2&petugas_baca=baca2")[0] == [d.idpel(2)]
    assert daftar("kelainan=BURAM")[0] == [d.idpel(3)]
    assert daftar("rute=AB01020")[0] == [d.idpel(0)]
    assert daftar("kode=TANPA_FOTO&kode=JAM_NYALA")[0] == [], "each of them"
    kosong, pilahan = daftar("kelainan=BURAM&tarif=B2")
    assert (kosong, list(pilahan["tarif"].values())) == ([], [1]), "an empty list says what else there is"
    for cari in ("aminah", "ab0102", d.idpel(0)):
        assert daftar("saring=semua", cari)[0] == [d.idpel(0)]
    assert daftar("saring=semua", "tidak ada")[0] == []
    assert halaman.minta(f"{alamat}?tarif={'x' * 101}").status_code == 400
    assert halaman.minta(f"{alamat}?kode=ANEH&kode=TANPA_FOTO").status_code == 400


def test_perubahan_bulan_lalu(halaman: Halaman) -> None:
    """What an approver saw last month and approved ranks lower: its change counts a quarter."""
    d = halaman.dunia
    lama = d.bulan
    d.bulan = bulan_tambah(lama, -1)
    d.isi(2, {0: {"foto_url": None}})
    jalankan_sampai(d)
    d.bulan = lama
    tanda = {"foto_url": None, "slalwbp": "1150", "sahlwbp": "1300"}
    d.isi(2, {0: {**tanda, "pemkwh_lalu": "110"}, 1: {**tanda, "pemkwh_lalu": "130"}})
    jalan = jalankan_sampai(d, "buka_gerbang")
    isi = halaman.baca(f"/api/sesi/{jalan.sesi.nomor}/baris?saring=semua")["baris"]
    assert isi[0]["dlpd"] == isi[1]["dlpd"] == ["TANPA_FOTO"]
    assert [b["idpel"] for b in isi] == [d.idpel(1), d.idpel(0)]


def test_perubahan_menurut_daya(halaman: Halaman) -> None:
    """The same change says less of a large customer: it is weighed by the root of daya."""
    d = halaman.dunia
    d.isi(3, {0: {"pemkwh_lalu": "50"}, 1: {"daya": "197000", "pemkwh_lalu": "350"}, 2: {"pemkwh_lalu": "130"}})
    jalan = jalankan_sampai(d, "buka_gerbang")
    isi = halaman.baca(f"/api/sesi/{jalan.sesi.nomor}/baris?saring=lolos")["baris"]
    assert [b["idpel"] for b in isi] == [d.idpel(0), d.idpel(2), d.idpel(1)]


def test_alasan_rantai_sekali(halaman: Halaman) -> None:
    """What is a reason and a flag at once, by the unit's pattern, counts once and is told once."""
    d = halaman.dunia
    d.pola(stan_tidak_sambung="tahan")
    lama = d.bulan
    d.bulan = bulan_tambah(lama, -1)
    d.isi(2)
    jalankan_sampai(d)
    d.bulan = lama
    d.isi(2, {1: {"slalwbp": "1150", "sahlwbp": "1300"}})
    jalan = jalankan_sampai(d, "buka_gerbang")
    isi = halaman.baca(f"/api/sesi/{jalan.sesi.nomor}/baris?saring=ditahan")
    assert dict(isi["pilahan"]["kode"])["STAN_TIDAK_SAMBUNG"] == 1
    [satu] = isi["baris"]
    assert [sebab["kode"] for sebab in satu["mengapa"]].count("STAN_TIDAK_SAMBUNG") == 1


def test_baris_dan_jejak(halaman: Halaman) -> None:
    """SOP 12.1, purpose 4: rows with stan, kWh, last month, photo and verifiers; sorted and filtered on the server."""
    d = halaman.dunia
    d.isi(
        6,
        {
            0: {"sahlwbp": "9999", "pemkwh": None},
            1: {"foto_url": None, "nama": "<script>alert(1)</script>"},
            2: {"pemkwh_lalu": "10"},
        },
    )
    jalan = jalankan_sampai(d, "buka_gerbang")
    alamat = f"/api/sesi/{jalan.sesi.nomor}"

    isi = halaman.baca(f"{alamat}/baris?ukuran=2&urut=idpel&arah=turun")
    assert (isi["jumlah"], [b["idpel"] for b in isi["baris"]]) == (6, [d.idpel(5), d.idpel(4)])
    isi = halaman.baca(f"{alamat}/baris?saring=ditahan&kode=JAM_NYALA")
    assert [(b["idpel"], b["saringan"]) for b in isi["baris"]] == [(d.idpel(0), "DITAHAN")]
    isi = halaman.baca(f"{alamat}/baris?saring=dlpd&kode=TANPA_FOTO")
    [b] = isi["baris"]
    assert (b["idpel"], b["foto_url"], b["nama"]) == (d.idpel(1), None, "<script>alert(1)</script>")
    assert (b["pengawas"], b["pengawas_jam"], b["vendor_jam"]) == (f"pengawas{d.unitup}", "2", "3")
    assert (b["kwh"], b["slalwbp"], b["sahlwbp"]) == ("150", "1000", "1150")
    assert halaman.baca(f"{alamat}/baris?urut=kwh&arah=turun")["baris"][0]["idpel"] == d.idpel(0)
    assert halaman.baca(f"{alamat}/baris", headers={"x-cari": d.idpel(3)})["jumlah"] == 1
    assert halaman.minta(f"{alamat}/baris?halaman=9").status_code == 404
    assert halaman.minta(f"{alamat}/baris?saring=sampel").status_code == 400

    jalan.terima(d.idpel(1))
    assert [b["idpel"] for b in halaman.baca(f"{alamat}/baris?saring=dikembalikan")["baris"]] == [d.idpel(1)]
    entri = halaman.baca(f"{alamat}/jejak")["entri"]
    assert entri[0]["kalimat"].startswith("Sesi dibuka oleh ")
    [dijawab] = [e for e in entri if e["jenis"] == "DIJAWAB"]
    assert f"{d.spv} menjawab Sah/Setuju" in dijawab["kalimat"]
    assert d.idpel(1) in dijawab["kalimat"]
    assert halaman.baca(f"{alamat}/jejak?sesudah={entri[-1]['id']}")["entri"] == []
    [s] = halaman.baca(f"{halaman.alamat}/sesi?jenis=PENGESAHAN")["baris"]
    assert (s["nomor"], s["dijawab_oleh"]) == (jalan.sesi.nomor, [d.spv])
    assert halaman.baca(f"{halaman.alamat}/sesi?status=SELESAI")["baris"] == []
    assert halaman.baca(f"/api/run?dag_id={jalan.dag_id}&run_id={jalan.run_id}")["nomor"] == jalan.sesi.nomor
    jalan.sampai(dari="posting")


def test_pembatalan(halaman: Halaman) -> None:
    """A cancellation is shown with the approval it undoes, and both sides name each other."""
    d = halaman.dunia
    d.isi(3)
    jalan = jalankan_sampai(d)
    batal = batalkan_sampai(d, "buka_gerbang", d.idpel(0), f"{d.unitup}9999999")
    s = halaman.baca(f"/api/sesi/{batal.sesi.nomor}")
    assert (s["rekap"]["cakupan"], s["rekap"]["hasil"]["lolos"], s["giliran_saya"]) == ("daftar", 1, True)
    isi = halaman.baca(f"/api/sesi/{batal.sesi.nomor}/baris?saring=batal")
    assert [(b["idpel"], b["no_pengesahan"], b["boleh"]) for b in isi["baris"]] == [
        (d.idpel(0), jalan.sesi.nomor, True)
    ]
    isi = halaman.baca(f"/api/sesi/{batal.sesi.nomor}/baris?saring=ditahan")
    assert [(b["boleh"], b["sebab"]) for b in isi["baris"]] == [(False, "IDPEL_TIDAK_DIKENAL")]
    batal.sampai(dari="terima")
    assert halaman.baca(f"/api/sesi/{jalan.sesi.nomor}")["tautan"] == [{"nomor": batal.sesi.nomor, "jumlah": 1}]
    assert halaman.baca(f"/api/sesi/{batal.sesi.nomor}")["tautan"] == [{"nomor": jalan.sesi.nomor, "jumlah": 1}]


def test_berkas_hasil(dunia: Dunia, halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly what was approved, row by row with what AP2T said of it; a name is no formula; a page ends anywhere."""
    monkeypatch.setattr(rute_sesi, "HASIL_SEKALI", 2)
    semua = dunia.isi(5, {0: {"nama": "=1+1"}, 1: {"sahlwbp": "9999", "pemkwh": None}})
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    assert halaman.minta(f"/api/sesi/{jalan.sesi.nomor}/hasil.csv").text.count("\n") == 1  # nothing has an outcome yet
    jalan.terima(semua[2])
    jalan.sampai(dari="posting")
    r = halaman.minta(f"/api/sesi/{jalan.sesi.nomor}/hasil.csv")
    assert r.headers["content-disposition"] == f'attachment; filename="{jalan.sesi.nomor}.csv"'
    baris = list(csv.DictReader(io.StringIO(r.content.decode("utf-8-sig"))))
    assert [satu["idpel"] for satu in baris] == [semua[0], *semua[3:]]
    assert baris[0]["nama"] == "'=1+1"
    assert {(satu["kwh"], satu["hasil"], satu["kodeposting"]) for satu in baris} == {("150", "POSTING", "1")}


@pakai_chromium
def test_berita_acara(dunia: Dunia, peladen: Peladen) -> None:
    """The protocol stands on one A4 page, whatever was sent back and noted, and nothing else of the page does."""
    semua = dunia.isi(60, {0: {"sahlwbp": "9999", "pemkwh": None}})
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    jalan.terima(
        isian={"kembalikan": [f"{satu} foto buram sekali" for satu in semua[1:41]], "catatan": "catatan " * 100}
    )
    jalan.sampai(dari="posting")
    with peramban() as chromium:
        page = chromium.new_context(locale="id-ID", extra_http_headers={"x-uji-orang": dunia.spv}).new_page()
        page.add_init_script("window.print = () => {}")
        page.goto(f"{peladen.url}/pengesahan/#/{dunia.unitup}/{dunia.bulan}/{dunia.kode}/{jalan.sesi.nomor}")
        page.get_by_role("button", name="Cetak berita acara").click(timeout=30_000)
        lembar = page.locator(".berita-acara")
        expect(lembar).to_be_hidden()  # on the screen
        page.emulate_media(media="print")
        expect(page.locator("#aplikasi")).to_be_hidden()
        for isi in (f"Sesi {jalan.sesi.nomor}", str(jalan.sesi.sidik), f"Sah/Setuju oleh {dunia.spv}", "dan 24 lagi"):
            expect(lembar).to_contain_text(isi)
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
        page.emulate_media(media="screen")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(lembar).to_have_count(0)
        with page.expect_download() as unduhan:
            page.get_by_role("button", name="Hasilnya (CSV)").click()
        assert unduhan.value.suggested_filename == f"{jalan.sesi.nomor}.csv"
        page.goto(f"{page.url.split('?')[0]}?periksa={semua[50]}")  # a link from when it was still at its gate
        page.reload()
        expect(page.locator("dialog.periksa")).to_contain_text(semua[50], timeout=30_000)
        expect(page.locator("dialog.periksa").get_by_role("button", name="Kembalikan")).to_have_count(0)


def test_menunggu_di_bulan_lain(dunia: Dunia, halaman: Halaman) -> None:
    """A gate waits for its people on every screen, whatever month they look at, until one of them has answered."""
    dunia.isi(2)
    jalan = jalankan_sampai(dunia, "buka_gerbang")
    [satu] = halaman.baca("/api/saya")["menunggu"]
    assert (satu["nomor"], satu["thblrek"], satu["hari_baca"]) == (jalan.sesi.nomor, dunia.bulan, dunia.kode)
    assert halaman.baca("/api/saya", AUDITOR)["menunggu"] == []
    jalan.terima()
    assert halaman.baca("/api/saya")["menunggu"] == []


@pakai_chromium
def test_mulai_beberapa(dunia: Dunia, peladen: Peladen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several kelompok are started at once, each of those that were chosen once."""
    monkeypatch.setenv("AP2T_KELOMPOK", "A,B,C")
    dunia.isi(2)
    for kode in "BC":
        dunia.acmt.execute(
            "INSERT INTO acmt_dasar.jadwal_hari_baca SELECT unitup, thblrek, %s, tgl_mulai, jumlah_hari "
            "FROM acmt_dasar.jadwal_hari_baca WHERE unitup = %s AND hari_baca = 'A' ON CONFLICT DO NOTHING",
            [kode, dunia.unitup],
        )
    with peramban() as chromium:
        page = chromium.new_context(locale="id-ID", extra_http_headers={"x-uji-orang": dunia.spv}).new_page()
        ditulis = airflow_palsu(page)
        page.goto(f"{peladen.url}/pengesahan/#/{dunia.unitup}/{dunia.bulan}")
        page.get_by_role("button", name="Mulai beberapa kelompok").click(timeout=60_000)
        for kode in "AC":
            page.get_by_role("checkbox", name=f"{kode} belum dilihat").check()
        page.get_by_role("button", name="Mulai 2 kelompok").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert [re.findall("hari_baca_([a-z])/", url)[0] for url, _ in ditulis] == ["a", "c"]
    assert {isi["conf"]["thblrek"] for _, isi in ditulis} == {dunia.bulan}
