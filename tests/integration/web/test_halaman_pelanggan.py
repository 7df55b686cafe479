"""The page's list of customers: search, filter, paging, files; one customer; two months; names that mean something."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from typing import Any
from urllib.parse import quote

import pytest
from halaman_fixtures import Halaman
from proses_fixtures import jalankan_sampai

SKRIP = "<script>alert(1)</script>"


def tunggu(halaman: Halaman, kueri: str = "", cari: str | None = None) -> Any:
    """Ask for the list until nothing of it is still being looked up."""
    kepala = {"x-cari": quote(cari)} if cari else {}
    akhir = time.monotonic() + 30
    while True:
        isi = halaman.baca(f"{halaman.alamat}/pelanggan?{kueri}", headers=kepala)
        if isi["menyiapkan"] is None and not isi["menyusul"]:
            return isi
        assert time.monotonic() < akhir, isi["galat"]
        time.sleep(0.1)


def test_daftar(halaman: Halaman) -> None:
    """SOP 12.1, purpose 3: each status, searched, filtered and sorted on the server; it follows the ledger."""
    d = halaman.dunia
    idpel = d.isi(
        30,
        {
            0: {"sahlwbp": "9999", "pemkwh": None},
            1: {"nama": SKRIP, "kddk": "1AB02CD03E04"},
            2: {"nama": "=HYPERLINK(1)", "foto_url": None},
        },
    )
    isi = tunggu(halaman)
    assert (isi["jumlah"], isi["per_status"]) == (30, {"TERKIRIM": 30})
    assert [b["idpel"] for b in tunggu(halaman, "halaman=2&ukuran=12")["baris"]] == idpel[12:24]
    assert [b["idpel"] for b in tunggu(halaman, cari="ALERT(")["baris"]] == [idpel[1]]
    assert tunggu(halaman, cari="ALERT(")["baris"][0]["nama"] == SKRIP
    assert [b["idpel"] for b in tunggu(halaman, cari="1ab02")["baris"]] == [idpel[1]]
    assert tunggu(halaman, cari=idpel[7])["jumlah"] == 1
    assert tunggu(halaman, cari="%")["jumlah"] == 0

    jalan = jalankan_sampai(d, "buka_gerbang")
    isi = tunggu(halaman, "status=TERTAHAN&status=MENUNGGU_PERSETUJUAN&ukuran=5")
    assert (isi["jumlah"], isi["per_status"]) == (30, {"MENUNGGU_PERSETUJUAN": 29, "TERTAHAN": 1})
    [b] = tunggu(halaman, "status=TERTAHAN")["baris"]
    assert (b["idpel"], b["sebab"], b["label"], b["sesi"]) == (idpel[0], ["JAM_NYALA"], "Tertahan", jalan.sesi.nomor)
    assert tunggu(halaman, "urut=jam_nyala&arah=turun&ukuran=1")["baris"][0]["idpel"] == idpel[0]
    assert tunggu(halaman, "jam_min=2000")["jumlah"] == 1
    assert tunggu(halaman, "jam_maks=115.385")["jumlah"] == 29
    assert [b["dlpd"] for b in tunggu(halaman, "dlpd=TANPA_FOTO")["baris"]] == [["TANPA_FOTO"]]
    assert halaman.minta(f"{halaman.alamat}/pelanggan?status=APA").status_code == 400
    assert halaman.minta(f"{halaman.alamat}/pelanggan?urut=1;drop").status_code == 400

    jalan.sampai(dari="terima")
    assert tunggu(halaman)["per_status"] == {"SUDAH_DISAHKAN": 29, "TERTAHAN": 1}
    [baris] = halaman.baca(f"{halaman.alamat}/kelompok")["baris"]
    assert (baris["pelanggan"], baris["terkirim"], baris["belum_disahkan"]) == (30, 30, 1)


def test_berkas(halaman: Halaman) -> None:
    """A file holds what is filtered, and nothing in it is a formula."""
    d = halaman.dunia
    idpel = d.isi(5, {1: {"nama": "=HYPERLINK(1)"}, 2: {"nama": "@SUM(A1)"}, 3: {"nama": SKRIP}})
    r = halaman.minta(f"{halaman.alamat}/pelanggan.csv")
    assert (r.status_code, r.json()["kode"], int(r.headers["retry-after"])) == (503, "MENYIAPKAN", 2)
    tunggu(halaman)
    r = halaman.minta(f"{halaman.alamat}/pelanggan.csv?urut=nama", headers={"x-cari": quote(d.unitup)})
    assert r.headers["content-type"] == "text/csv; charset=utf-8"
    assert r.headers["content-disposition"].startswith(f'attachment; filename="pelanggan-{d.unitup}-{d.bulan}-')
    baris = {b["idpel"]: b for b in csv.DictReader(io.StringIO(r.content.decode("utf-8-sig")))}
    assert len(baris) == 5
    assert [baris[i]["nama"] for i in idpel[1:4]] == ["'=HYPERLINK(1)", "'@SUM(A1)", SKRIP]
    r = halaman.minta(f"{halaman.alamat}/pelanggan.xlsx", headers={"x-cari": quote("=hyper")})
    lembar = zipfile.ZipFile(io.BytesIO(r.content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in lembar
    assert "=HYPERLINK(1)" in lembar
    assert "SUM" not in lembar
    assert idpel[3] not in lembar


def test_satu_pelanggan(halaman: Halaman) -> None:
    """One customer's whole history, and where else it is known; not of another unit."""
    d = halaman.dunia
    idpel = d.isi(2, {0: {"nama": SKRIP}})
    jalan = jalankan_sampai(d)
    d.acmt.execute(
        "INSERT INTO acmt_dasar.bacaan (idpel, unitup, thblrek, hari_baca, nama) VALUES (%s, %s, '202605', 'A', %s)",
        [idpel[0], d.unitup, SKRIP],
    )
    isi = halaman.baca(f"{halaman.alamat}/pelanggan/{idpel[0]}")
    assert (isi["identitas"]["nama"], isi["status"]["status"]) == (SKRIP, "SUDAH_DISAHKAN")
    assert (isi["bacaan"]["sahlwbp"], isi["bacaan_dari"]) == ("1150", "ACMT")
    assert {"DIBACA", "CUPLIKAN", "LOLOS", "DISETUJUI", "POSTING", "SESI_SELESAI"} <= {p["apa"] for p in isi["riwayat"]}
    assert isi["bulan_lain"] == [{"thblrek": "202605", "hari_baca": "A"}]
    lampau = halaman.baca(f"/api/unit/{d.unitup}/202605/pelanggan/{idpel[0]}")
    assert (lampau["status"]["status"], lampau["riwayat"]) == ("BELUM_DIBACA", [])
    assert lampau["bulan_lain"] == [{"thblrek": d.bulan, "hari_baca": "A"}]
    for asing in (f"{d.unitup}9999999", "000000000000"):
        assert halaman.minta(f"{halaman.alamat}/pelanggan/{asing}").status_code == 404
    assert jalan.sesi.status == "SELESAI"


def test_acmt_tidak_menjawab(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ACMT is away the ledger still tells, and the page says so."""
    d = halaman.dunia
    idpel = d.isi(2)
    jalankan_sampai(d)
    halaman.baca("/api/saya")
    halaman.putuskan_acmt(monkeypatch)
    isi = halaman.baca(f"{halaman.alamat}/kelompok")
    assert isi["galat_acmt"]
    assert isi["baris"][0]["sudah_disahkan"] == 2
    satu = halaman.baca(f"{halaman.alamat}/pelanggan/{idpel[0]}")
    assert (satu["status"]["status"], satu["bacaan"]["sahlwbp"]) == ("SUDAH_DISAHKAN", "1150")
    assert satu["galat_acmt"]
    assert satu["bacaan_dari"].startswith("cuplikan PS-")
