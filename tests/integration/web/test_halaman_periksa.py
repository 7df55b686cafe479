"""What the page looks into at a click: the preview of a cancellation, and the verification of the trail."""

from __future__ import annotations

import json

import pytest
from halaman_fixtures import AUDITOR, Halaman
from proses_fixtures import AlamatPg, Dunia, jalankan_sampai, salin_buku


def test_pratinjau_pembatalan(halaman: Halaman) -> None:
    """The preview says what the cancellation's first step will decide, and writes nothing."""
    d = halaman.dunia
    idpel = d.isi(5, {0: {"sahlwbp": "9999", "pemkwh": None}})
    jalan = jalankan_sampai(d)
    d.di_ap2t("suplai_stan", idpel=[idpel[1]])
    alamat = f"{halaman.alamat}/A/pratinjau-pembatalan"
    sebelum = d.satu("SELECT count(*) FROM pengesahan.jejak"), d.satu("SELECT count(*) FROM pengesahan.sesi")

    isi = halaman.baca(alamat, metode="POST", json={"cakupan": "semua"})
    asal = [{"nomor": jalan.sesi.nomor, "putaran": 1, "jumlah": 3}]
    assert isi["boleh"] == {"jumlah": 3, "kwh": "450", "tanpa_kwh": 0, "putaran": asal}
    assert [(t["kode"], t["jumlah"], t["contoh"]) for t in isi["tidak"]] == [("SUDAH_SUPLAI_STAN", 1, [idpel[1]])]
    diminta = [idpel[2], idpel[0], "000000000000"]
    isi = halaman.baca(alamat, metode="POST", json={"cakupan": "daftar", "idpel": diminta})
    assert isi["boleh"]["jumlah"] == 1
    assert {t["kode"]: t["contoh"] for t in isi["tidak"]} == {
        "BELUM_POSTING": [idpel[0]],
        "IDPEL_TIDAK_DIKENAL": ["000000000000"],
    }
    assert sebelum == (d.satu("SELECT count(*) FROM pengesahan.jejak"), d.satu("SELECT count(*) FROM pengesahan.sesi"))
    for cakupan, nama in (("daftar", []), ("semua", [idpel[0]]), ("daftar", ["x"])):
        salah = {"cakupan": cakupan, "idpel": nama}
        assert halaman.minta(alamat, metode="POST", json=salah).status_code == 400
    assert halaman.minta(alamat, AUDITOR, "POST", json={"cakupan": "semua"}).json()["kode"] == "HANYA_MELIHAT"


def test_verifikasi(alamat_pg: AlamatPg, dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """The chain is verified at a click, by the same command an auditor uses; a unit's SPV TE sees their unit's."""
    # in a ledger of its own: an auditor verifies the whole of it, and the other tests' holds a thousand sessions
    d = Dunia(alamat_pg._replace(buku=salin_buku(alamat_pg, "uji_verifikasi")), dunia.sandbox, monkeypatch)
    halaman = Halaman(d)
    d.isi(2)
    jalankan_sampai(d)
    r = halaman.minta("/api/verifikasi", metode="POST", json={"unitup": d.unitup})
    assert r.headers["content-type"].startswith("application/x-ndjson")
    hasil = json.loads(r.text.splitlines()[-1])
    assert (hasil["utuh"], hasil["temuan"], hasil["sesi"]) == (True, [], 1)
    assert hasil["jejak"] > 5
    r = halaman.minta("/api/verifikasi", AUDITOR, "POST", json={})
    assert json.loads(r.text.splitlines()[-1])["sesi"] >= 1
    assert halaman.minta("/api/verifikasi", metode="POST", json={}).json()["kode"] == "UNIT_LAIN"
    assert halaman.minta("/api/verifikasi", metode="POST", json={"unitup": "54110"}).json()["kode"] == "UNIT_LAIN"
    halaman.tutup()
    d.tutup()
