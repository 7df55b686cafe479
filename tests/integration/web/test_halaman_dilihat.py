"""What a person has looked at is remembered for the session and person; an approval waits for it where asked to."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from batal_fixtures import batalkan_sampai
from halaman_fixtures import AUDITOR, Halaman, Peladen
from playwright.sync_api import expect
from proses_fixtures import HALAMAN, Jalan, isi_koneksi, jalankan_sampai, koneksi_basis
from typer.testing import CliRunner

from ap2t.audit.berkas.baca import BerkasSesi
from ap2t.audit.berkas.periksa import periksa_berkas
from ap2t.audit.berkas.tulis import tulis_berkas
from ap2t.cli import app
from ap2t.ledger.buku import Buku
from ap2t.web import loket
from ap2t.web.rute import dilihat
from tests.peramban import cacat_axe, pakai_chromium, peramban
from tests.perintah import keluar


def di_gerbang(halaman: Halaman) -> Jalan:
    """Take five customers to a gate: one is held, two pass with a flag."""
    tanpa_foto = {"foto_url": None}
    halaman.dunia.isi(5, {0: tanpa_foto, 1: tanpa_foto, 4: {"sahlwbp": "9999", "pemkwh": None}})
    return jalankan_sampai(halaman.dunia, "buka_gerbang")


def tandai(halaman: Halaman, nomor: str, *idpel: Any, oleh: str = "", **isi: Any) -> httpx.Response:
    return halaman.minta(f"/api/sesi/{nomor}/dilihat", oleh, "POST", json={"idpel": list(idpel), **isi})


def tersimpan(halaman: Halaman, jalan: Jalan) -> int:
    return int(halaman.dunia.satu("SELECT count(*) FROM pengesahan.dilihat WHERE sesi_id = %s", jalan.sesi.id))


def test_dilihat_diingat(halaman: Halaman) -> None:
    """Rows looked at are counted, marked and filtered for who asks; twice is once; another person begins at nought."""
    d = halaman.dunia
    jalan = di_gerbang(halaman)
    nomor = jalan.sesi.nomor
    kosong = {"saya": 0, "ditandai": 2, "ditandai_saya": 0, "boleh": True, "wajib": "tidak", "kurang": 0}
    assert halaman.baca(f"/api/sesi/{nomor}")["dilihat"] == kosong
    jawab = tandai(halaman, nomor, d.idpel(0), d.idpel(2))
    assert (jawab.status_code, jawab.json()) == (200, {"dilihat": {**kosong, "saya": 2, "ditandai_saya": 1}})
    assert tandai(halaman, nomor, d.idpel(2), d.idpel(4)).json()["dilihat"]["saya"] == 3, "a held row counts as well"
    assert halaman.baca(f"/api/sesi/{nomor}")["dilihat"] == {**kosong, "saya": 3, "ditandai_saya": 1}
    assert halaman.baca(f"/api/sesi/{nomor}", d.spv_b)["dilihat"] == kosong
    assert halaman.baca(f"/api/sesi/{nomor}", AUDITOR)["dilihat"] == {**kosong, "boleh": False}

    def daftar(kueri: str = "", oleh: str = "") -> tuple[list[str], dict[str, int], list[bool]]:
        isi = halaman.baca(f"/api/sesi/{nomor}/baris?urut=idpel{kueri}", oleh)
        assert isi["jumlah"] == len(isi["baris"])
        semua = [baris["idpel"] for baris in isi["baris"]], [baris["dilihat"] for baris in isi["baris"]]
        return semua[0], dict(map(tuple, isi["pilahan"].get("dilihat", []))), semua[1]

    semua = [d.idpel(n) for n in range(5)]
    pilahan = {"sudah": 3, "belum": 2}
    assert daftar() == (semua, pilahan, [True, False, True, False, True])
    assert daftar("&dilihat=sudah") == ([d.idpel(0), d.idpel(2), d.idpel(4)], pilahan, [True] * 3)
    assert daftar("&dilihat=belum") == ([d.idpel(1), d.idpel(3)], pilahan, [False] * 2)
    assert daftar("&dilihat=belum&saring=dlpd") == ([d.idpel(1)], {"sudah": 1, "belum": 1}, [False])
    assert daftar("&dilihat=belum&kode=TANPA_FOTO") == ([d.idpel(1)], {"sudah": 1, "belum": 1}, [False])
    assert daftar("&dilihat=sudah", d.spv_b) == ([], {"belum": 5}, [])
    kode = dict(map(tuple, halaman.baca(f"/api/sesi/{nomor}/baris?dilihat=belum")["pilahan"]["kode"]))
    assert kode["TANPA_FOTO"] == 1, "the other filters count what is left"
    assert halaman.minta(f"/api/sesi/{nomor}/baris?dilihat=x").status_code == 400

    jalan.sampai(dari="terima")
    assert jalan.sesi.status == "SELESAI"
    assert halaman.baca(f"/api/sesi/{nomor}")["dilihat"] == {**kosong, "saya": 3, "ditandai_saya": 1, "boleh": False}


def test_yang_wajib_disebut_dahulu(halaman: Halaman) -> None:
    """The page says beforehand what the pattern has this person look at, and how many of it are missing."""
    d = halaman.dunia
    d.pola(wajib_dilihat="ditandai")
    jalan = di_gerbang(halaman)

    def wajib(oleh: str = "") -> tuple[str, int]:
        isi = halaman.baca(f"/api/sesi/{jalan.sesi.nomor}", oleh)["dilihat"]
        return isi["wajib"], isi["kurang"]

    assert wajib() == ("ditandai", 2)
    tandai(halaman, jalan.sesi.nomor, d.idpel(0), d.idpel(2))
    assert (wajib(), wajib(d.spv_b)) == (("ditandai", 1), ("ditandai", 2))
    tandai(halaman, jalan.sesi.nomor, d.idpel(1))
    assert wajib() == ("ditandai", 0)
    jalan.sampai(dari="terima")
    assert jalan.sesi.status == "SELESAI"


def test_hanya_di_gerbang(halaman: Halaman) -> None:
    """Once the gate is answered, or where the customer is not of the session: a sentence, and nothing is written."""
    d = halaman.dunia
    jalan = di_gerbang(halaman)
    nomor = jalan.sesi.nomor
    asing = tandai(halaman, nomor, d.idpel(0), "999999999999")
    assert (asing.status_code, asing.json()["kode"]) == (400, "MASUKAN")
    assert "999999999999 tidak ada dalam sesi ini" in asing.json()["detail"]
    for salah in ([], ["1"], ["12345678901x"], ["123456789012\n"], [d.idpel(0)] * 201, [123456789012]):
        assert tandai(halaman, nomor, *salah).status_code == 400, salah
    assert "Isian idpel tidak sah" in tandai(halaman, nomor, "1").json()["detail"]
    assert tandai(halaman, nomor, d.idpel(0), oleh_siapa="x").status_code == 400
    auditor = tandai(halaman, nomor, d.idpel(0), oleh=AUDITOR)
    assert (auditor.status_code, auditor.json()["kode"]) == (403, "HANYA_MELIHAT")
    assert tersimpan(halaman, jalan) == 0
    jalan.sampai(dari="terima")
    lewat = tandai(halaman, nomor, d.idpel(0))
    assert (lewat.status_code, lewat.json()["kode"]) == (409, "BUKAN_DI_GERBANG")
    batal = batalkan_sampai(d, "buka_gerbang", d.idpel(0))
    assert tandai(halaman, batal.sesi.nomor, d.idpel(0)).json()["kode"] == "BUKAN_DI_GERBANG"
    assert halaman.baca(f"/api/sesi/{batal.sesi.nomor}")["dilihat"]["boleh"] is False
    assert tersimpan(halaman, jalan) == 0


def test_dijawab_selagi_ditandai(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the gate is answered between the look and the mark, the ledger refuses and the page says why."""
    jalan = di_gerbang(halaman)
    tulis = halaman.app.konteks.data.penanda.transaksi

    def sesudah_dijawab() -> Any:
        jalan.terima()
        return tulis()

    monkeypatch.setattr(halaman.app.konteks.data.penanda, "transaksi", sesudah_dijawab)
    jawab = tandai(halaman, jalan.sesi.nomor, halaman.dunia.idpel(0))
    assert (jawab.status_code, jawab.json()["kode"]) == (409, "BUKAN_DI_GERBANG")
    assert tersimpan(halaman, jalan) == 0
    jalan.sampai(dari="posting")


def test_tanpa_koneksi_halaman(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a connection of its own the page works as before and offers no marks."""
    monkeypatch.delenv("AIRFLOW_CONN_CMT_DB_HALAMAN")
    jalan = di_gerbang(halaman)
    assert halaman.baca(f"/api/sesi/{jalan.sesi.nomor}")["dilihat"]["boleh"] is False
    assert halaman.baca(f"/api/sesi/{jalan.sesi.nomor}/baris")["jumlah"] == 5
    jawab = tandai(halaman, jalan.sesi.nomor, halaman.dunia.idpel(0))
    assert (jawab.status_code, jawab.json()["kode"]) == (409, "TANPA_TANDA")
    jalan.sampai(dari="terima")


def test_laju(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever marks too often is told when to go on; others are not held up, and after a minute they go on."""
    d = halaman.dunia
    jalan = di_gerbang(halaman)
    kini = [1000.0]
    monkeypatch.setattr(dilihat, "_laju", loket.Laju(3))
    monkeypatch.setattr(loket.time, "monotonic", lambda: kini[0])
    kode = [tandai(halaman, jalan.sesi.nomor, d.idpel(n)).status_code for n in range(4)]
    assert kode == [200, 200, 200, 429]
    kini[0] += 18
    jawab = tandai(halaman, jalan.sesi.nomor, d.idpel(3))
    assert (jawab.status_code, jawab.json()["kode"], jawab.headers["retry-after"]) == (429, "TERLALU_SERING", "42")
    assert "Tunggu 42 detik" in jawab.json()["detail"]
    assert tandai(halaman, jalan.sesi.nomor, d.idpel(3), oleh=d.spv_b).status_code == 200
    kini[0] += 42
    assert tandai(halaman, jalan.sesi.nomor, d.idpel(3)).json()["dilihat"]["saya"] == 4
    jalan.sampai(dari="terima")


def test_ditulis_sebagai_peran_halaman(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page marks as its own role, its connections are bounded, and the reading ones stay read-only."""
    d = halaman.dunia
    jalan = di_gerbang(halaman)
    tandai(halaman, jalan.sesi.nomor, d.idpel(0))
    data = halaman.app.konteks.data
    with data.penanda.transaksi() as tx:
        isi = tx.conn.exec_driver_sql("SELECT current_user, current_setting('statement_timeout')").one()
    assert tuple(isi) == (HALAMAN, "30s")
    with data.buku.lihat() as tx:
        assert tx.conn.exec_driver_sql("SHOW default_transaction_read_only").scalar_one() == "on"
    isi_koneksi(monkeypatch, "cmt_db_halaman", **koneksi_basis(d.alamat.buku, "peran_lain"))
    data.tutup()
    gagal = tandai(halaman, jalan.sesi.nomor, d.idpel(1))
    assert gagal.status_code == 503, gagal.text
    assert halaman.baca(f"/api/sesi/{jalan.sesi.nomor}")["dilihat"]["saya"] == 1
    jalan.sampai(dari="terima")


def test_berkas_menyebut_yang_dilihat(halaman: Halaman, tmp_path: Any) -> None:
    """The session's file tells the auditor how many of the flagged each person had looked at, and is whole."""
    d = halaman.dunia
    jalan = di_gerbang(halaman)
    tandai(halaman, jalan.sesi.nomor, d.idpel(0), d.idpel(3))
    jalan.sampai(dari="terima")
    buku = Buku.buka(hanya_baca=True)
    berkas = tulis_berkas(buku, jalan.sesi.nomor, tmp_path, None, lambda _: None)
    assert periksa_berkas(berkas.json).temuan == []
    [orang] = BerkasSesi(berkas.json).unsur("dilihat")
    assert orang == {"oleh": d.spv, "jumlah": 2, "ditandai": 1, "dari": 2}
    assert f"<dt>Dilihat {d.spv}</dt><dd>1 dari 2 yang ditandai</dd>" in berkas.html.read_text().replace("\n", "")


# ----------------------------------------------------------------------------------------------------- what was found

POLA = {"hasil": ["sesuai", "stan tidak sesuai foto", "foto tidak terbaca", "perlu baca ulang"]}
POLA["tindak_lanjut"] = ["tidak perlu", "kembalikan", "periksa lapangan"]


def catat(halaman: Halaman, nomor: str, idpel: Any, oleh: str = "", **isi: Any) -> httpx.Response:
    return halaman.minta(f"/api/sesi/{nomor}/pemeriksaan", oleh, "POST", json={"idpel": idpel, **isi})


def test_hasil_pemeriksaan(halaman: Halaman) -> None:
    """What a person found is told to all, their last word counts, and the row counts as looked at by them alone."""
    d = halaman.dunia
    jalan = di_gerbang(halaman)
    nomor = jalan.sesi.nomor

    def satu(n: int, oleh: str = "") -> tuple[list[tuple[str, ...]], Any]:
        isi = halaman.baca(f"/api/sesi/{nomor}/pelanggan/{d.idpel(n)}", oleh)
        kata = [(a["oleh"], a["hasil"], a["tindak_lanjut"], a["catatan"]) for a in isi["pemeriksaan"]]
        return kata, isi["pilihan_pemeriksaan"]

    assert satu(0) == ([], POLA)
    assert satu(0, AUDITOR) == ([], None)
    assert halaman.baca(f"/api/sesi/{nomor}")["pemeriksaan"] == {}
    jawab = catat(halaman, nomor, d.idpel(0), hasil="sesuai", tindak_lanjut="", catatan="  ")
    assert jawab.status_code == 200, jawab.text
    [ini] = jawab.json()["pemeriksaan"]
    assert ini.pop("pada")
    assert ini == {"oleh": d.spv, "hasil": "sesuai", "tindak_lanjut": None, "catatan": None}
    lagi = {"hasil": "foto tidak terbaca", "tindak_lanjut": "periksa lapangan", "catatan": " gelap <b> "}
    assert catat(halaman, nomor, d.idpel(0), **lagi).status_code == 200
    assert catat(halaman, nomor, d.idpel(0), d.spv_b, hasil="sesuai").status_code == 200
    assert catat(halaman, nomor, d.idpel(3), hasil="sesuai").status_code == 200
    semua = [(d.spv, "foto tidak terbaca", "periksa lapangan", "gelap <b>"), (d.spv_b, "sesuai", None, None)]
    assert satu(0, AUDITOR) == (semua, None)
    isi = halaman.baca(f"/api/sesi/{nomor}")
    assert isi["pemeriksaan"] == {"foto tidak terbaca": 1, "sesuai": 2}
    assert (isi["dilihat"]["saya"], halaman.baca(f"/api/sesi/{nomor}", d.spv_b)["dilihat"]["saya"]) == (2, 1)
    jalan.sampai(dari="terima")
    assert satu(0) == (semua, None), "it stays, and nobody adds to it"


def test_hanya_kata_polanya(halaman: Halaman) -> None:
    """Only words of the pattern that the session was opened with are taken, and only one line of text beside them."""
    d = halaman.dunia
    d.pola(hasil_pemeriksaan=["baik", "buruk"], tindak_lanjut=["tidak ada"])
    jalan = di_gerbang(halaman)
    nomor = jalan.sesi.nomor
    d.pola(hasil_pemeriksaan=["lain"])  # of later sessions
    pilihan = halaman.baca(f"/api/sesi/{nomor}/pelanggan/{d.idpel(0)}")["pilihan_pemeriksaan"]
    assert pilihan == {"hasil": ["baik", "buruk"], "tindak_lanjut": ["tidak ada"]}
    salah: tuple[dict[str, Any], ...] = (
        {"hasil": "lain"},
        {"hasil": "sesuai"},
        {"hasil": ""},
        {"hasil": "Baik"},
        {"hasil": None},
        {"tindak_lanjut": "kembalikan"},
        {"catatan": "x" * 201},
        {"catatan": "dua\nbaris"},
        {"catatan": "a\x1bb"},
        {"catatan": "\x7f."},
        {"catatan": "\x9b2J"},
        {"idpel": "999999999999"},
        {"idpel": [d.idpel(0)]},
        {"pada": "2026-06-01"},
    )
    for isi in salah:
        jawab = catat(halaman, nomor, **{"idpel": d.idpel(0), "hasil": "baik", **isi})
        assert (jawab.status_code, jawab.json()["kode"]) == (400, "MASUKAN"), isi
    assert "tidak ada dalam pola sesi ini" in catat(halaman, nomor, d.idpel(0), hasil="lain").json()["detail"]
    auditor = catat(halaman, nomor, d.idpel(0), AUDITOR, hasil="baik")
    assert (auditor.status_code, auditor.json()["kode"]) == (403, "HANYA_MELIHAT")
    assert tersimpan(halaman, jalan) == 0
    assert halaman.baca(f"/api/sesi/{nomor}")["pemeriksaan"] == {}
    panjang = {"tindak_lanjut": "tidak ada", "catatan": "x" * 200}
    assert catat(halaman, nomor, d.idpel(0), hasil="baik", **panjang).status_code == 200
    jalan.sampai(dari="terima")
    lewat = catat(halaman, nomor, d.idpel(0), hasil="baik")
    assert (lewat.status_code, lewat.json()["kode"]) == (409, "BUKAN_DI_GERBANG")


def test_laju_pemeriksaan(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks and findings count together, and a person who wrote fifty times of one row is told that it is enough."""
    d = halaman.dunia
    jalan = di_gerbang(halaman)
    nomor = jalan.sesi.nomor
    monkeypatch.setattr(dilihat, "KALI_MAKS", 2)
    monkeypatch.setattr(dilihat, "_laju", loket.Laju(4))
    monkeypatch.setattr(loket.time, "monotonic", lambda: 1000.0)
    kode = [catat(halaman, nomor, d.idpel(0), hasil="sesuai").status_code for _ in range(2)]
    penuh = catat(halaman, nomor, d.idpel(0), hasil="sesuai")
    assert (kode, penuh.status_code, penuh.json()["kode"]) == ([200, 200], 409, "CUKUP")
    assert tandai(halaman, nomor, d.idpel(1)).status_code == 200
    assert catat(halaman, nomor, d.idpel(1), hasil="sesuai").status_code == 429
    jalan.sampai(dari="terima")


def test_pemeriksaan_dihitung(halaman: Halaman, tmp_path: Any) -> None:
    """The auditor's file lists what was found; a month's counts are by kelompok, hasil and tindak lanjut."""
    d = halaman.dunia
    jalan = di_gerbang(halaman)
    nomor = jalan.sesi.nomor
    for n, isi in enumerate(
        ({"hasil": "sesuai"}, {"hasil": "sesuai"}, {"hasil": "perlu baca ulang", "tindak_lanjut": "kembalikan"})
    ):
        catat(halaman, nomor, d.idpel(n), **isi)
    catat(halaman, nomor, d.idpel(0), d.spv_b, hasil="sesuai")
    jalan.sampai(dari="terima")
    berkas = tulis_berkas(Buku.buka(hanya_baca=True), nomor, tmp_path, None, lambda _: None)
    assert periksa_berkas(berkas.json).temuan == []
    semua = list(BerkasSesi(berkas.json).unsur("hasil_pemeriksaan"))
    assert [(satu["idpel"], satu["oleh"], satu["hasil"]) for satu in semua] == [
        (d.idpel(0), d.spv, "sesuai"),
        (d.idpel(0), d.spv_b, "sesuai"),
        (d.idpel(1), d.spv, "sesuai"),
        (d.idpel(2), d.spv, "perlu baca ulang"),
    ]
    html = berkas.html.read_text().replace("\n", "")
    assert f"<dt>Diperiksa {d.spv}</dt><dd>sesuai: 2 pelanggan</dd>" in html

    def hitung(*lain: str) -> list[list[str]]:
        perintah = ["pemeriksaan", "--unitup", d.unitup, "--thblrek", d.bulan, "--format", "csv", *lain]
        return [baris.split(",") for baris in keluar(CliRunner().invoke(app, perintah)).stdout.splitlines()[1:]]

    tempat = [d.unitup, d.bulan, d.kode]
    dua = [[*tempat, "perlu baca ulang", "kembalikan", "1"], [*tempat, "sesuai", "", "2"]]
    assert hitung() == hitung("--hari-baca", d.kode) == dua, "who two people looked at is one customer"


@pakai_chromium
def test_tombol_menunggu_yang_wajib(halaman: Halaman, peladen: Peladen) -> None:
    """Sah/Setuju waits and says how many are missing, Tolak does not; with the last one looked at it may be pressed."""
    d = halaman.dunia
    d.pola(wajib_dilihat="ditandai")
    jalan = di_gerbang(halaman)
    nomor = jalan.sesi.nomor
    tugas = {"task_id": "persetujuan", "state": "awaiting_input", "start_date": "2026-06-01T00:00:00Z", "try_number": 1}
    with peramban() as chromium:
        page = chromium.new_context(extra_http_headers={"x-uji-orang": d.spv}).new_page()
        # what Airflow itself would say of the gate's task; an answer is not sent
        page.route("**/api/v2/**/taskInstances?*", lambda satu: satu.fulfill(json={"task_instances": [tugas]}))
        page.goto(f"{peladen.url}/pengesahan/#/{d.unitup}/{d.bulan}/{d.kode}/{nomor}")
        setuju, tolak = (
            page.locator(".aksi-tombol").get_by_role("button", name=nama) for nama in ("Sah/Setuju", "Tolak")
        )
        expect(tolak).to_have_attribute("aria-disabled", "false", timeout=30_000)
        expect(setuju).to_have_attribute("aria-disabled", "true")
        expect(page.locator(".aksi-lekat")).to_contain_text("Lihat dahulu 2 pelanggan yang ditandai")
        tolak.click()
        expect(page.get_by_role("dialog")).not_to_contain_text("Lihat dahulu")
        page.keyboard.press("Escape")
        setuju.click(force=True)
        expect(page.get_by_role("dialog")).to_have_count(0)
        tandai(halaman, nomor, d.idpel(0))
        expect(page.locator(".aksi-lekat")).to_contain_text("Lihat dahulu 1 pelanggan yang ditandai", timeout=15_000)
        tandai(halaman, nomor, d.idpel(1))
        expect(setuju).to_have_attribute("aria-disabled", "false", timeout=15_000)
        setuju.click()
        expect(page.get_by_role("dialog")).to_contain_text("Sah/Setuju pengesahan kelompok")
    jalan.sampai(dari="terima")


@pakai_chromium
def test_formulir_pemeriksaan(halaman: Halaman, peladen: Peladen, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form sends when told to and never by itself; keys rest while one types; what was written is shown again."""
    d = halaman.dunia
    jalan = di_gerbang(halaman)
    with peramban() as chromium:
        page = chromium.new_context(locale="id-ID", extra_http_headers={"x-uji-orang": d.spv}).new_page()
        terkirim: list[str] = []
        page.on("request", lambda satu: terkirim.append(satu.url) if satu.method == "POST" else None)
        page.goto(
            f"{peladen.url}/pengesahan/#/{d.unitup}/{d.bulan}/{d.kode}?daftar=semua&urut=idpel&periksa={d.idpel(0)}"
        )
        kotak = page.locator("dialog.periksa")
        hasil = kotak.locator("details.pemeriksaan")
        hasil.locator("summary").click(timeout=30_000)
        expect(hasil.get_by_role("button", name="Catat")).to_be_disabled()
        hasil.get_by_role("combobox", name="Hasil").select_option("foto tidak terbaca")
        hasil.get_by_role("combobox", name="Hasil").press("j")
        hasil.get_by_role("combobox", name="Tindak lanjut").select_option("kembalikan")
        hasil.get_by_label("Catatan").press_sequentially("jk or <i>")
        expect(kotak).to_contain_text("1 dari 5")
        expect(kotak.locator(".periksa-atas")).not_to_contain_text("Sudah dilihat")
        assert cacat_axe(page) == []
        assert terkirim == []
        hasil.get_by_role("button", name="Catat").click()
        expect(hasil.locator("li")).to_contain_text("foto tidak terbaca; kembalikan. “jk or <i>”")
        expect(hasil.locator("li")).to_contain_text(d.spv)
        expect(hasil.get_by_label("Catatan")).to_have_value("")
        expect(kotak.locator(".periksa-atas")).to_contain_text("Sudah dilihat")
        assert [satu.rpartition("/")[2] for satu in terkirim] == ["pemeriksaan"]
        # on and back: the customer that is held tells of it too, and the next one begins empty
        page.keyboard.press("j")
        expect(kotak).to_contain_text("2 dari 5")
        expect(hasil.locator("summary")).to_have_text("Hasil pemeriksaan")
        page.keyboard.press("k")
        expect(hasil.locator("summary")).to_have_text("Hasil pemeriksaan (1)")
        # a refusal is told, and what was written stays
        monkeypatch.setattr(dilihat, "KALI_MAKS", 1)
        hasil.locator("summary").click()
        hasil.get_by_role("combobox", name="Hasil").select_option("sesuai")
        hasil.get_by_role("button", name="Catat").click()
        expect(hasil).to_contain_text("yang terakhir berlaku")
        expect(hasil.get_by_role("combobox", name="Hasil")).to_have_value("sesuai")
    assert halaman.baca(f"/api/sesi/{jalan.sesi.nomor}")["pemeriksaan"] == {"foto tidak terbaca": 1}
    jalan.sampai(dari="terima")
