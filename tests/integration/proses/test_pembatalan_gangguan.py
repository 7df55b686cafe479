"""Cancelling under faults: every approved cancellation takes effect exactly once (invariants 3 and 4)."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from batal_fixtures import JalanBatal, batalkan_sampai
from proses_fixtures import Dunia, jalankan_sampai

from ap2t.galat import Ap2tTidakPasti, Ap2tTidakTerjangkau, BukuMenolak, WewenangKurang
from ap2t.hooks.ap2t import Badan, KlienAp2t
from ap2t.proses import kirim as modul_pengirim
from ap2t.proses.layanan import Langkah
from ap2t.proses.tutup import hentikan
from conftest import AKAR

JUMLAH = 24
ANAK = """
import sys
from ap2t.proses.batalkan import batalkan_ap2t
from ap2t.proses.layanan import Langkah, Layanan
with Layanan(koneksi_maks=8) as layanan:
    with layanan.buku.transaksi() as tx:
        s = tx.sesi.milik_run(sys.argv[1], sys.argv[2])
    print("siap", flush=True)
    batalkan_ap2t(Langkah(layanan, s, lambda _: None), ukuran=4, serentak=3)
"""


@pytest.fixture(autouse=True)
def _cepat(monkeypatch: pytest.MonkeyPatch) -> None:
    """No wait longer than needed."""
    monkeypatch.setattr(modul_pengirim, "SABAR", 3.0)
    monkeypatch.setattr(modul_pengirim, "JEDA_COBA", 0.05)
    asli = KlienAp2t.__init__

    def awal(diri: KlienAp2t, *a: Any, **k: Any) -> None:
        asli(diri, *a, **{**k, "timeout": (2, 10), "penundaan_maks": 3.0})

    monkeypatch.setattr(KlienAp2t, "__init__", awal)


def siap(dunia: Dunia, jumlah: int = JUMLAH) -> JalanBatal:
    """Return an approved cancellation of ``jumlah`` rows that goes in small batches."""
    dunia.isi(jumlah)
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "terima")
    jalan.ukuran, jalan.serentak = 4, 3
    return jalan


def selesai(dunia: Dunia, jalan: JalanBatal, jumlah: int = JUMLAH) -> None:
    """Every row is at 0, each cancelled once, none in flight, ledger and AP2T agree."""
    jalan.sampai(dari="rekonsiliasi")
    assert jalan.sesi.status == "SELESAI"
    assert dunia.terposting() == set()
    assert {h[0] for h in dunia.hasil(jalan.sesi).values()} == {"BATAL"}
    assert len(dunia.hasil(jalan.sesi)) == jumlah
    assert not [b for b in dunia.batch(jalan.sesi) if b[1] == "DIKIRIM"]
    assert len([j for j in dunia.jejak_ap2t() if j["ke"] == 0]) == jumlah
    assert dunia.sandbox.log("pelanggaran") == []


@pytest.mark.parametrize(
    ("aksi", "pilihan", "batal_minimal"),
    [
        ("hilang_sesudah", {}, 0),
        ("hilang_sebelum", {}, 1),
        ("galat", {"status": 500}, 1),
        ("galat", {"status": 503, "tunggu": 0}, 1),
        ("galat_sesudah", {"status": 502}, 0),
        ("galat", {"status": 429, "tunggu": 0.1}, 0),
        ("rusak", {"cara": "bukan_json"}, 0),
        ("rusak", {"cara": "baris_kurang"}, 0),
        ("rusak", {"cara": "kodeposting_salah"}, 0),
    ],
)
def test_gangguan_sekejap(dunia: Dunia, aksi: str, pilihan: dict[str, Any], batal_minimal: int) -> None:
    """Invariant 3: an answer lost, a request lost, 429, 5xx, a broken answer: settled, sent again, once each."""
    jalan = siap(dunia)
    dunia.sandbox.ganggu(aksi, "pembatalan", sisa=2, **pilihan)
    jalan.batalkan()
    selesai(dunia, jalan)
    assert sum(b[1] == "BATAL" for b in dunia.batch(jalan.sesi)) >= batal_minimal
    assert dunia.sandbox.lihat("gangguan") == []


def test_jawaban_hilang_dan_ap2t_pergi_lalu_dilanjutkan(dunia: Dunia) -> None:
    """In flight before the send: the batch whose fate is unknown stays, and is settled before anything goes again."""
    jalan = siap(dunia)
    dunia.sandbox.ganggu("hilang_sesudah", "pembatalan")
    dunia.sandbox.ganggu("galat", "batch", "tutup", sisa=None, status=503)
    with pytest.raises((Ap2tTidakPasti, Ap2tTidakTerjangkau)):
        jalan.batalkan()
    assert [b for b in dunia.batch(jalan.sesi) if b[1] == "DIKIRIM"]
    hentikan(jalan.langkah, "uji")
    dunia.pulihkan()
    jalan.lanjutkan()
    jalan.batalkan()
    assert "belum pasti: ditanyakan ke AP2T" in jalan.log
    selesai(dunia, jalan)


@pytest.mark.parametrize("sesudah", [True, False])
def test_proses_mati_di_tengah_lalu_dilanjutkan(dunia: Dunia, sesudah: bool) -> None:
    """Invariant 3: the sending process is killed with batches in flight; the next try settles them and goes on."""
    jalan = siap(dunia)
    dunia.sandbox.ganggu("latensi", "pembatalan", sisa=None, detik=0.3)
    anak = subprocess.Popen(
        [sys.executable, "-c", ANAK, jalan.dag_id, jalan.run_id], cwd=AKAR, stdout=subprocess.PIPE, text=True
    )
    try:
        assert anak.stdout is not None
        assert anak.stdout.readline().strip() == "siap"
        akhir = time.monotonic() + 20
        while not dunia.batch(jalan.sesi) and time.monotonic() < akhir:
            time.sleep(0.02)
        time.sleep(0.35 if sesudah else 0)
    finally:
        anak.kill()
        anak.wait()
    dunia.pulihkan()
    assert [b for b in dunia.batch(jalan.sesi) if b[1] == "DIKIRIM"] or len(dunia.hasil(jalan.sesi)) < JUMLAH
    jalan.batalkan()
    selesai(dunia, jalan)


def test_diambil_alih_dengan_batch_di_jalan(dunia: Dunia) -> None:
    """Invariant 4: a dead cancellation is taken over by a pengesahan: fenced off, settled, ended."""
    dunia.boleh_berulang = set(dunia.isi(JUMLAH))
    jalankan_sampai(dunia)
    jalan = batalkan_sampai(dunia, "terima")
    jalan.ukuran, jalan.serentak = 4, 1
    dunia.sandbox.ganggu("hilang_sesudah", "pembatalan")
    dunia.sandbox.ganggu("galat", "batch", "tutup", sisa=None, status=503)
    with pytest.raises((Ap2tTidakPasti, Ap2tTidakTerjangkau)):
        jalan.batalkan()
    dunia.pulihkan()
    s = jalan.sesi
    lagi = dunia.jalan()
    lagi.buka_sesi(hidup=lambda _d, _r: False)
    assert jalan.sesi.status == "DIAMBIL_ALIH"
    assert {h[0] for h in dunia.hasil(s).values()} == {"BATAL"}
    assert len(dunia.hasil(s)) == 4
    with pytest.raises(BukuMenolak):
        jalan.batalkan()
    lagi.sampai(dari="ambil_bacaan")
    dunia.boleh_berulang = set(dunia.hasil(s))
    assert "4 pelanggan sudah disahkan" in lagi.penutup
    assert len(dunia.terposting()) == JUMLAH


def test_dua_percobaan_sekaligus(dunia: Dunia) -> None:
    """Fencing: a second start of the same task stops the first; together they cancel each row once."""
    jalan = siap(dunia)
    dunia.sandbox.ganggu("latensi", "pembatalan", sisa=None, detik=0.2)
    galat: list[BaseException] = []
    s = jalan.sesi

    def pertama() -> None:
        try:
            modul = sys.modules["ap2t.proses.batalkan"]
            langkah = Langkah(dunia.layanan(koneksi_maks=8), s, jalan.lapor)
            modul.batalkan_ap2t(langkah, ukuran=2, serentak=2)
        except BukuMenolak as e:
            galat.append(e)

    utas = threading.Thread(target=pertama)
    utas.start()
    akhir = time.monotonic() + 10
    while jalan.sesi.epoch == s.epoch and time.monotonic() < akhir:
        time.sleep(0.02)
    jalan.batalkan()
    utas.join(30)
    assert galat
    dunia.pulihkan()
    selesai(dunia, jalan)


def test_peran_hilang_di_tengah(dunia: Dunia) -> None:
    """Invariant 1: the role is looked at for every batch; what has not gone stays approved."""
    jalan = siap(dunia)
    jalan.serentak = 1
    asli = KlienAp2t.kirim_pembatalan

    def kirim(klien: KlienAp2t, kunci: str, isi: dict[str, Any]) -> Any:
        hasil = asli(klien, kunci, isi)
        dunia.petugas(dunia.spv, aktif=False)
        return hasil

    dunia.monkeypatch.setattr(KlienAp2t, "kirim_pembatalan", kirim)
    with pytest.raises(WewenangKurang, match="ADMIN_CMT"):
        jalan.batalkan()
    assert 0 < len(dunia.terposting()) < JUMLAH
    dunia.monkeypatch.setattr(KlienAp2t, "kirim_pembatalan", asli)
    dunia.petugas(dunia.spv, aktif=True)
    jalan.batalkan()
    selesai(dunia, jalan)


def test_bentuk_satu_baris_ditolak(dunia: Dunia) -> None:
    """One row whose form AP2T refuses is found by halving, named, and stays approved; the others go."""
    jalan = siap(dunia)
    jalan.ukuran = 8
    (buruk, *_) = sorted(dunia.terposting())
    asli = KlienAp2t.kirim_pembatalan

    def kirim(klien: KlienAp2t, kunci: str, badan: Badan) -> Any:
        if buruk in badan.idpel:  # the sandbox refuses it as the contract says
            badan = Badan.dari({**json.loads(badan.teks), "alasan": "pendek"})
        return asli(klien, kunci, badan)

    dunia.monkeypatch.setattr(KlienAp2t, "kirim_pembatalan", kirim)
    jalan.batalkan()
    dunia.monkeypatch.setattr(KlienAp2t, "kirim_pembatalan", asli)
    assert dunia.hasil(jalan.sesi)[buruk][0] == "DITOLAK"
    assert dunia.terposting() == {buruk}
    jalan.sampai(dari="rekonsiliasi")
    assert "1 ditolak AP2T" in jalan.penutup
