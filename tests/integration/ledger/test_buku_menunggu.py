"""Nobody waits with the ledger in hand: AP2T, ACMT, files and people are waited for outside of its transactions."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
from batal_fixtures import batalkan_sampai
from proses_fixtures import APLIKASI, LANGKAH, PEMILIK, Dunia, jalankan_sampai
from typer.testing import CliRunner

from ap2t.cli import app
from ap2t.domain.model import Tempat
from ap2t.hooks.ap2t import KlienAp2t
from ap2t.hooks.klien import Saluran
from ap2t.kelola import arsip as modul_arsip
from ap2t.kelola.arsip import Pengarsip
from ap2t.ledger import mesin
from ap2t.ledger.buku import Buku
from ap2t.ledger.mesin import buat_mesin
from ap2t.ledger.skema import mesin_pemilik
from ap2t.lihat.status_pelanggan import Mata, per_kelompok
from ap2t.proses.cuplik import sejak_cuplikan
from ap2t.source.acmt import SumberAcmt
from tests.perintah import keluar

TERBUKA = "SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL AND usename = ANY (%s)"


class Pengintai:
    """Looks, whenever AP2T or ACMT is asked, whether a transaction of the ledger is open meanwhile.

    ``terbuka``: how often one was, by what was asked.
    """

    def __init__(self, dunia: Dunia) -> None:
        self.dunia = dunia
        self.ditanya: Counter[str] = Counter()
        self.terbuka: Counter[str] = Counter()

    def lihat(self, siapa: str) -> None:
        """Count; what a closed connection has left behind is given a moment to go, what is held stays."""
        self.ditanya[siapa] += 1
        sampai = time.monotonic() + 1
        while ada := bool(self.dunia.satu(TERBUKA, [APLIKASI, PEMILIK])):
            if time.monotonic() > sampai:
                break
            time.sleep(0.02)
        self.terbuka[siapa] += ada

    def pasang(self, kelas: type, nama: str, siapa: str, *, aliran: bool = False) -> None:
        """Look at each call of a method, and before each piece that it gives."""
        asli: Callable[..., Any] = getattr(kelas, nama)

        def dilihat(diri: Any, *a: Any, **k: Any) -> Any:
            self.lihat(siapa)
            return asli(diri, *a, **k)

        def dialirkan(diri: Any, *a: Any, **k: Any) -> Iterator[Any]:
            for bagian in asli(diri, *a, **k):
                self.lihat(siapa)
                yield bagian

        self.dunia.monkeypatch.setattr(kelas, nama, dialirkan if aliran else dilihat)

    @property
    def melanggar(self) -> set[str]:
        """Return who was asked while a transaction was open."""
        return {siapa for siapa, kali in self.terbuka.items() if kali}


@pytest.fixture
def intai(dunia: Dunia) -> Pengintai:
    p = Pengintai(dunia)
    p.pasang(Saluran, "kirim", "AP2T")
    for nama in ("salin", "baca", "baca_kesiapan"):
        p.pasang(SumberAcmt, nama, "ACMT", aliran=True)
    for nama in ("mentah", "stempel", "kembalikan_verifikasi"):
        p.pasang(SumberAcmt, nama, "ACMT")
    return p


def test_seluruh_langkah(dunia: Dunia, intai: Pengintai) -> None:
    """Two rounds and a cancellation: only the snapshot reads into an open transaction, AP2T's list only the second."""
    semua = dunia.isi(30)
    for putaran in (1, 2):
        jalan = dunia.jalan()
        for nama in LANGKAH:
            intai.terbuka.clear()
            jalan.terima(semua[7]) if nama == "terima" and putaran == 1 else getattr(jalan, nama)()
            # the list comes in beside the readings: it may be there before the transaction begins
            ringan = {"AP2T"} if nama == "ambil_bacaan" and putaran == 2 else set[str]()
            assert intai.melanggar - ringan == ({"ACMT"} if nama == "ambil_bacaan" else set()), (putaran, nama)
        assert intai.ditanya["AP2T"]
        dunia.stempel_baru(7)
    intai.terbuka.clear()
    batalkan_sampai(dunia, "tutup")
    assert intai.melanggar == set()


def test_daftar_status_dan_perubahan(dunia: Dunia, intai: Pengintai, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lists that are merged of ledger, ACMT and AP2T hold nothing of the ledger while the others are asked."""
    monkeypatch.setattr("ap2t.lihat.status_pelanggan.POTONG", 7)
    semua = dunia.isi(30)
    jalan = jalankan_sampai(dunia)
    dunia.ubah_acmt(3, sahlwbp="1151")
    dunia.acmt.execute("DELETE FROM acmt_dasar.bacaan WHERE idpel = %s", [semua[29]])
    intai.terbuka.clear()
    layanan = dunia.layanan()
    t = Tempat(dunia.unitup, dunia.bulan, dunia.kode)
    for mata in (Mata(layanan.buku, layanan.sumber, layanan.ap2t_baca()), Mata(layanan.buku, layanan.sumber)):
        assert [s.idpel for s in per_kelompok(mata, t)] == semua
    assert [s.idpel for s in per_kelompok(Mata(layanan.buku), t)] == semua
    berubah = {semua[3]: ["sahlwbp"], semua[29]: ["TIDAK_ADA_LAGI"]}
    assert sejak_cuplikan(layanan.buku, layanan.sumber, jalan.sesi) == berubah
    assert sejak_cuplikan(layanan.buku, layanan.sumber, jalan.sesi, terposting=True) == berubah
    assert intai.ditanya["ACMT"] > 10
    assert intai.melanggar == set()


def test_pengarsipan(dunia: Dunia, intai: Pengintai, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readings leave for a folder that may be far away: it is written with nothing of the ledger in hand."""
    dunia.bulan = "202401"
    dunia.isi(6)
    jalankan_sampai(dunia)
    asli = modul_arsip._padatkan

    def padatkan(*a: Any) -> int:
        intai.lihat("folder")
        return asli(*a)

    intai.terbuka.clear()
    monkeypatch.setattr(modul_arsip, "_padatkan", padatkan)
    buku, pemilik = Buku(buat_mesin()), mesin_pemilik(dunia.alamat.sebagai(dunia.alamat.buku, PEMILIK))
    hasil = Pengarsip(buku, pemilik, tmp_path, None, print, tenang=0).jalankan("202401", dunia.unitup, "uji", "x" * 10)
    buku.tutup()
    pemilik.dispose()
    assert (hasil.sesi, intai.ditanya["folder"]) == (1, 1)
    assert intai.melanggar == set()


@pytest.mark.parametrize(
    "perintah",
    [
        "audit verifikasi",
        "rekap --thblrek {bulan}",
        "status --thblrek {bulan} --hari-baca A",
        "sesi --thblrek {bulan} --hari-baca A",
        "verifikasi --thblrek {bulan} --hari-baca A",
        "jadwal lihat",
        "pemberitahuan lihat",
        "pola lihat",
        "arsip rencana",
    ],
)
def test_perintah_bertanya_tentang_unit(dunia: Dunia, intai: Pengintai, tmp_path: Path, perintah: str) -> None:
    """A unit that only ACMT knows is asked for with nothing of the ledger in hand, whatever the command."""
    dunia.monkeypatch.setenv("AP2T_HOME", str(tmp_path))
    hasil = CliRunner().invoke(app, [*perintah.format(bulan=dunia.bulan).split(), "--unitup", dunia.unitup])
    keluar(hasil, 2 if perintah.startswith("verifikasi") else 0)
    assert "belum punya sesi di buku" in hasil.stderr
    assert intai.ditanya["ACMT"]
    assert intai.melanggar == set()


def test_rekonsiliasi_tahan_batas_diam(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """AP2T takes longer for a page than a transaction may stand still: the comparison ends all the same."""
    monkeypatch.setitem(mesin.SETELAN, "idle_in_transaction_session_timeout", "1s")
    for modul in ("ledger.cuplikan", "proses.cuplik", "proses.rekonsiliasi", "lihat.bukti"):
        monkeypatch.setattr(f"ap2t.{modul}.POTONG", 10)
    dunia.isi(40)
    jalan = jalankan_sampai(dunia, "posting")
    dunia.sandbox.ganggu("latensi", "daftar", sisa=None, detik=2)
    jalan.sampai(dari="rekonsiliasi")
    assert jalan.sesi.status == "SELESAI"


def test_cuplikan_tahan_batas_diam(dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """ACMT's people and AP2T's list take longer than a transaction may stand still: the snapshot is taken all the same.

    The list goes on behind ACMT's last row: its last page is waited for when all rows are there.
    """
    semua = dunia.isi(40)
    dunia.kirim_pelanggan([(dunia.idpel(n), 1300) for n in range(40, 60)])
    jalan = dunia.jalan()
    jalan.sampai("buka_gerbang")
    jalan.terima(*semua[30:])
    jalan.sampai(dari="posting")
    dunia.stempel_baru(*range(30, 40))
    monkeypatch.setitem(mesin.SETELAN, "idle_in_transaction_session_timeout", "1s")
    monkeypatch.setattr("ap2t.proses.cuplik.POTONG", 10)
    monkeypatch.setattr(KlienAp2t, "daftar", partialmethod(KlienAp2t.daftar, batas=10))
    petugas = SumberAcmt.petugas
    monkeypatch.setattr(SumberAcmt, "petugas", lambda diri, unitup: (time.sleep(2), petugas(diri, unitup))[1])
    dua = dunia.jalan()
    dua.buka_sesi()
    dunia.sandbox.ganggu("latensi", "daftar", sisa=None, detik=2)
    assert dua.ambil_bacaan() == 10


@pytest.mark.parametrize(
    "perintah", ["jejak {nomor}", "bukti {nomor} --format csv", "verifikasi --sesi {nomor} --format csv"]
)
def test_orang_yang_berhenti_membaca(dunia: Dunia, tmp_path: Path, perintah: str) -> None:
    """``ap2t … | less``, and nobody scrolls: the command waits for its reader with nothing of the ledger in hand."""
    dunia.isi(1500)
    jalan = jalankan_sampai(dunia)
    anak = subprocess.Popen(
        [sys.executable, "-m", "ap2t.cli", *perintah.format(nomor=jalan.sesi.nomor).split()],
        env={**os.environ, "AP2T_HOME": str(tmp_path), "PYTHONPATH": "plugins"},
        stdout=subprocess.PIPE,
    )
    try:
        assert anak.stdout is not None
        assert anak.stdout.read(1)  # and no more: the pipe is full, or the command is done
        assert (
            dunia.satu("SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL AND usename = %s", APLIKASI)
            == 0
        )
        assert len(anak.stdout.read()) > 1000
        assert anak.wait(20) == 0
    finally:
        anak.kill()
