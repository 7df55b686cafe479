"""A customer's months in sentences: the same on the page and by the command, and never in a log."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from batal_fixtures import ALASAN, batalkan_sampai
from halaman_fixtures import Halaman
from proses_fixtures import Dunia, jalankan_sampai
from sqlalchemy import event
from sqlalchemy.engine import Engine
from test_lihat_perintah import jalankan
from test_riwayat import _tabel, isi_riwayat, tawarkan  # noqa: F401 -- the first is a fixture

from ap2t.domain.harga import Harga
from ap2t.domain.kalender import bulan_tambah
from ap2t.lihat.kisah import _DITANYA
from tests.perintah import keluar

_SAAT = re.compile(r"\d{2}-\d{2}-\d{4} \d{2}:\d{2} WIB")
BACA = {"tgl_baca": datetime(2026, 11, 25, 3, 0, tzinfo=UTC), "petugas_baca": "pembaca1"}
DIBACA = "Dibaca 25-11-2026 10:00 WIB oleh pembaca1"
BERSIH = "stan 1.000 ke 1.150, 150 kWh, jam nyala 115,385."


def kisah(halaman: Halaman, idpel: str) -> dict[str, list[str]]:
    """Return what the page tells of a customer, by month; the instants of this test written as SAAT."""
    semua = halaman.baca(f"{halaman.alamat}/pelanggan/{idpel}")["kisah"]
    sini = DIBACA[7:27]
    return {
        satu["bulan"]: [_SAAT.sub(lambda saat: sini if saat[0] == sini else "SAAT", k) for k in satu["kalimat"]]
        for satu in semua
    }


def beri_harga(d: Dunia, **ubah: Any) -> None:
    """Offer prices; the test that asks for it takes the view away again."""
    isi = {
        "tarif": "'R1'",
        "daya_dari": 900,
        "daya_sampai": 2200,
        "jam_minimum": "NULL::numeric",
        "berlaku_dari": "DATE '2026-01-01'",
        **dict.fromkeys(("harga_lwbp", "harga_wbp"), "1444.8"),
        **ubah,
    }
    kolom = ", ".join(f"{isi[nama]} AS {nama}" for nama in Harga._fields)
    d.acmt.execute(f"CREATE OR REPLACE VIEW acmt.v_harga AS SELECT {kolom}".encode())
    d.acmt.execute("GRANT SELECT ON acmt.v_harga TO PUBLIC")


@pytest.fixture(autouse=True)
def _tanpa_harga(dunia: Dunia) -> Any:
    lama = dunia.acmt.execute(
        "SELECT pg_get_viewdef(c.oid) FROM pg_class c WHERE c.oid = to_regclass('acmt.v_harga')"
    ).fetchone()
    dunia.acmt.execute("DROP VIEW IF EXISTS acmt.v_harga")
    yield
    dunia.acmt.execute("DROP VIEW IF EXISTS acmt.v_harga")
    if lama is not None:
        dunia.acmt.execute(f"CREATE VIEW acmt.v_harga AS {lama[0]}")
        dunia.acmt.execute("GRANT SELECT ON acmt.v_harga TO PUBLIC")


def test_ditahan_diperbaiki_disahkan(halaman: Halaman, caplog: pytest.LogCaptureFixture) -> None:
    """Held with its numbers in the first round, mended, approved in the second; the command tells the same."""
    d = halaman.dunia
    mundur = {"slalwbp": "5000", "sahlwbp": "4990", "pemkwh": None}
    idpel = d.isi(2, {0: {**BACA, **mundur}, 1: BACA})
    satu = jalankan_sampai(d)
    saat = datetime.now(UTC)
    d.ubah_acmt(0, slalwbp="1000", sahlwbp="1160", pemkwh="160", pemkwh_lalu="100", kelainan="kaca buram")
    d.stempel_baru(0)
    dua = jalankan_sampai(d)
    s, t = satu.sesi.nomor, dua.sesi.nomor
    assert kisah(halaman, idpel[0]) == {
        d.bulan: [
            f"{DIBACA}: stan 5.000 ke 4.990, kWh tidak dapat dihitung.",
            f"Putaran 1 ({s}) menahannya SAAT: Stan mundur (stan LWBP 5.000 ke 4.990; digit meter 5).",
            f"Bacaannya berubah. {DIBACA}: stan 1.000 ke 1.160, 160 kWh, "
            "jam nyala 123,077. Tercatat kelainan kaca buram.",
            f"Putaran 2 ({t}) meloloskannya SAAT. Perlu dilihat: Naik 50 % atau lebih (160 kWh, bulan lalu 100 kWh).",
            f"Pengesahannya disetujui {d.spv} SAAT.",
            f"Disahkan di AP2T (posting 1) SAAT atas nama {d.spv}, nomor {t}: 160 kWh.",
        ]
    }
    assert kisah(halaman, idpel[1])[d.bulan] == [
        f"{DIBACA}: {BERSIH}",
        f"Putaran 1 ({s}) meloloskannya SAAT.",
        f"Pengesahannya disetujui {d.spv} SAAT.",
        f"Disahkan di AP2T (posting 1) SAAT atas nama {d.spv}, nomor {s}: 150 kWh.",
    ]
    hasil = jalankan("status", idpel[0], "--unitup", d.unitup, "--thblrek", d.bulan)
    keluar(hasil, 0)
    dari_perintah = hasil.stdout.split(f"\nBulan {d.bulan}\n")[1].splitlines()
    di_halaman = halaman.baca(f"{halaman.alamat}/pelanggan/{idpel[0]}")["kisah"][0]["kalimat"]
    assert dari_perintah == [f"- {kalimat}" for kalimat in di_halaman]
    keluar(lampau := jalankan("status", idpel[0], "--unitup", d.unitup, "--pada", saat.isoformat()), 0)
    assert lampau.stdout.splitlines()[-2:] == [f"- {kalimat}" for kalimat in di_halaman[:2]]
    keluar(csv := jalankan("status", idpel[0], "--unitup", d.unitup, "--format", "csv"), 0)
    assert "Putaran" not in csv.stdout
    assert "pembaca1" not in caplog.text + satu.log + dua.log


def test_dikembalikan(halaman: Halaman) -> None:
    """Sent back with its reason: nothing is told as waiting or ended for it, and ACMT's answer is in words."""
    d = halaman.dunia
    idpel = d.isi(2, {0: BACA})
    jalan = jalankan_sampai(d, "buka_gerbang")
    assert kisah(halaman, idpel[0])[d.bulan][-1] == (
        f"Pengesahannya menunggu jawaban sejak SAAT; ditanyakan kepada {d.spv}, {d.spv_b}."
    )
    jalan.terima(f"{idpel[0]} angka foto lain.\n", isian=None)
    jalan.sampai(dari="posting")
    assert kisah(halaman, idpel[0])[d.bulan] == [
        f"{DIBACA}: {BERSIH}",
        f"Putaran 1 ({jalan.sesi.nomor}) meloloskannya SAAT.",
        f"Dikembalikan {d.spv} kepada vendor SAAT. Alasannya: angka foto lain. (pengesahan {jalan.sesi.nomor}).",
        "Verifikasinya dihapus di ACMT SAAT: ACMT menjawab selesai.",
    ]


def test_dibatalkan_dan_disahkan_lagi(halaman: Halaman) -> None:
    """A cancellation tells who asked and why; the next round approves it once more."""
    d = halaman.dunia
    idpel = d.isi(2, {0: BACA})
    satu = jalankan_sampai(d)
    batal = batalkan_sampai(d, "tutup", idpel[0])
    dua = jalankan_sampai(d)
    d.boleh_berulang = {idpel[0]}
    b = batal.sesi.nomor
    assert kisah(halaman, idpel[0])[d.bulan][3:] == [
        f"Disahkan di AP2T (posting 1) SAAT atas nama {d.spv}, nomor {satu.sesi.nomor}: 150 kWh.",
        f"Pembatalan {b} diminta {d.spv} SAAT. Alasannya: {ALASAN}.",
        f"Pembatalan {b} disetujui {d.spv} SAAT.",
        f"Pengesahannya dibatalkan di AP2T SAAT atas nama {d.spv}, nomor {b}.",
        f"Putaran 2 ({dua.sesi.nomor}) meloloskannya SAAT.",
        f"Pengesahannya disetujui {d.spv} SAAT.",
        f"Disahkan di AP2T (posting 1) SAAT atas nama {d.spv}, nomor {dua.sesi.nomor}: 150 kWh.",
    ]


def test_ditolak_ap2t_dan_berubah(halaman: Halaman) -> None:
    """AP2T's refusal has its code and message; what changed at the source, and what others did, is told too."""
    d = halaman.dunia
    idpel = d.isi(3, dict.fromkeys(range(3), BACA))
    jalan = jalankan_sampai(d, "terima")
    d.posting_lain(0, kwh="151")
    d.ubah_acmt(1, sahlwbp="1155", pemkwh="155")
    d.posting_lain(2)
    jalan.sampai(dari="posting")
    tolak, luar = kisah(halaman, idpel[0])[d.bulan][3:]
    assert tolak == "AP2T menolaknya SAAT: sudah disahkan dengan stan lain (STAN_BERBEDA)."
    assert luar.startswith("Disahkan pihak lain (")
    assert "kodeposting 1, nomor LAIN-1" in luar
    assert kisah(halaman, idpel[2])[d.bulan][3] == (
        "AP2T sudah memuatnya sebagai disahkan (posting 1) dengan bacaan yang sama SAAT: 150 kWh."
    )
    assert kisah(halaman, idpel[1])[d.bulan][3:] == [
        "Tidak dikirim ke AP2T SAAT: berubah di ACMT (BERUBAH_DI_ACMT); sahlwbp, pemkwh.",
        f"Kini berubah di ACMT. {DIBACA}: stan 1.000 ke 1.155, 155 kWh, jam nyala 119,231.",
    ]


def test_bulan_riwayat_saja(halaman: Halaman) -> None:
    """Months that only v_riwayat knows are one sentence each; the current one has what is usual and what it costs."""
    d = halaman.dunia
    beri_harga(d)
    idpel = d.isi(2, {0: {**BACA, "cara_baca": "AMR"}, 1: {"sahlwbp": "1010", "pemkwh": "10"}})
    isi_riwayat(
        d,
        0,
        13,
        tgl_baca=BACA["tgl_baca"] - timedelta(days=30),
        petugas_baca="lama2",
        jam_nyala="115.4",
        cara_baca=lambda ke: "TAKSIR" if ke == 1 else None,
        kelainan=lambda ke: "pagar dikunci" if ke == 1 else None,
        kode_baca=lambda ke: "B2" if ke == 1 else None,
    )
    isi = kisah(halaman, idpel[0])
    assert list(isi) == [bulan_tambah(d.bulan, -ke) for ke in range(14)]
    assert isi[d.bulan] == [
        f"Terbaca lewat AMR{DIBACA[6:]}: {BERSIH}",
        "Biasanya 150 kWh (median 13 bulan); yang wajar 90 sampai 210 kWh.",
        "Perkiraan bagian energi: Rp 216.720 (1.444,80 per kWh, berlaku 01-01-2026); hanya perkiraan, tidak dikirim ke "
        "mana pun.",
    ]
    assert isi[bulan_tambah(d.bulan, -1)] == [
        "Ditaksir SAAT oleh lama2 (menurut riwayat ACMT): stan akhir 1.000, 150 kWh, jam nyala 115,4. Tercatat "
        "kelainan pagar dikunci, kode baca B2."
    ]
    beri_harga(d, jam_minimum="40::numeric", harga_lwbp="1444.805", harga_wbp="1500.0")
    assert kisah(halaman, idpel[1])[d.bulan][-1] == (
        "Perkiraan bagian energi: Rp 75.130 (1.444,805 per kWh, berlaku 01-01-2026; dihitung minimum 40 jam nyala); "
        "hanya perkiraan, tidak dikirim ke mana pun."
    )
    keluar(buku := jalankan("status", idpel[0], "--unitup", d.unitup, "--buku"), 2)
    assert "lama2" not in buku.output
    jalankan_sampai(d)
    keluar(buku := jalankan("status", idpel[0], "--unitup", d.unitup, "--buku"), 0)
    assert "Biasanya 150 kWh" in buku.stdout
    assert "lama2" not in buku.stdout
    assert "Perkiraan" not in buku.stdout
    tawarkan(d, None)
    assert "Perkiraan" in kisah(halaman, idpel[0])[d.bulan][-1]  # not asked again for some minutes
    _DITANYA.clear()
    assert kisah(halaman, idpel[0])[d.bulan][-1].startswith("Riwayat dan harga di ACMT tidak terbaca: ")


def test_bulan_sebelumnya_dari_buku(halaman: Halaman, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger's earlier months are told too, also while ACMT is away; no later month is."""
    d = halaman.dunia
    idpel = d.isi(1, {0: BACA})
    jalankan_sampai(d)
    awal = d.bulan
    d.bulan = bulan_tambah(awal, 1)
    d.isi(1, {0: {**BACA, "slalwbp": "1150", "sahlwbp": "1300"}})
    jalankan_sampai(d)
    isi = kisah(halaman, idpel[0])
    assert list(isi) == [d.bulan, awal]
    assert isi[awal][0] == f"{DIBACA}: {BERSIH}"
    assert isi[d.bulan][0] == f"{DIBACA}: stan 1.150 ke 1.300, 150 kWh, jam nyala 115,385."
    lampau = halaman.baca(f"/api/unit/{d.unitup}/{awal}/pelanggan/{idpel[0]}")
    assert [satu["bulan"] for satu in lampau["kisah"]] == [awal]
    assert {p["sesi"] for p in lampau["riwayat"]} & {
        p["sesi"] for p in halaman.baca(f"{halaman.alamat}/pelanggan/{idpel[0]}")["riwayat"]
    } == {None}
    halaman.putuskan_acmt(monkeypatch)
    assert kisah(halaman, idpel[0]) == isi


def test_pernyataan_sebanding(halaman: Halaman) -> None:
    """A look is a few statements, however many months, sessions and events there are."""
    d = halaman.dunia
    idpel = d.isi(1)
    isi_riwayat(d, 0, 24)

    def hitung() -> int:
        perintah: list[str] = []

        def catat(_conn: Any, _kursor: Any, satu: str, *_: Any) -> None:
            perintah.append(satu)

        halaman.baca(f"{halaman.alamat}/pelanggan/{idpel[0]}")
        event.listen(Engine, "before_cursor_execute", catat)
        try:
            halaman.baca(f"{halaman.alamat}/pelanggan/{idpel[0]}")
        finally:
            event.remove(Engine, "before_cursor_execute", catat)
        return len(perintah)

    jalankan_sampai(d)
    satu = hitung()
    d.bulan = bulan_tambah(d.bulan, 1)
    d.isi(2, {0: {"slalwbp": "1150", "sahlwbp": "1100", "pemkwh": None}})
    jalankan_sampai(d)
    assert hitung() == satu
