"""Seals outside the database: once a day, chained, surviving a crash, and never in the wrong folder (invariant 6)."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from proses_fixtures import APLIKASI, AlamatPg, isi_koneksi, koneksi_basis, salin_buku
from sqlalchemy import text

from ap2t import jam
from ap2t.audit import folder_segel
from ap2t.audit.periksa import Lingkup, verifikasi
from ap2t.audit.segel import segel_harian
from ap2t.domain.teks import hari
from ap2t.galat import SegelTidakSah
from ap2t.operators.berkala import SegelHarian
from ap2t.proses.layanan import Layanan
from tests.perintah import keluar

_nomor = iter(range(1, 100))


class Penyegel:
    """A ledger of the test's own with a little in its trail, a folder, and a clock that the test moves."""

    def __init__(self, layanan: Layanan, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.layanan, self.folder = layanan, folder
        self.kini = datetime(2026, 12, 30, 5, tzinfo=UTC)
        self.catatan: list[str] = []
        monkeypatch.setattr(jam, "sekarang", lambda: self.kini)
        self.catat()

    def catat(self) -> None:
        """Add an entry to the trail."""
        with self.layanan.buku.transaksi() as tx:
            tx.jejak.catat("UJI", {"pada": str(self.kini)})

    def segel(self, **pilihan: Any) -> folder_segel.Segel | None:
        """Seal."""
        return segel_harian(self.layanan, self.folder, self.catatan.append, **pilihan)

    def utuh(self) -> bool:
        """Whether trail and seals hold."""
        laporan = verifikasi(self.layanan.buku, Lingkup(segel=self.folder), lambda _: None)
        assert [str(t) for t in laporan.temuan] == []
        return laporan.utuh


@pytest.fixture
def penyegel(alamat_pg: AlamatPg, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Penyegel]:
    alamat = salin_buku(alamat_pg, f"uji_segel_{next(_nomor)}")
    isi_koneksi(monkeypatch, "cmt_db", **koneksi_basis(alamat, APLIKASI))
    with Layanan() as layanan:
        yield Penyegel(layanan, tmp_path / "segel", monkeypatch)


def test_sekali_sehari(penyegel: Penyegel) -> None:
    """One seal a day, of Jakarta's day, however often it is asked for; ``paksa`` makes another."""
    satu = penyegel.segel()
    assert satu is not None
    assert penyegel.segel() is None
    penyegel.kini = datetime(2026, 12, 30, 16, 59, tzinfo=UTC)  # 23:59 in Jakarta
    assert penyegel.segel() is None
    penyegel.kini += timedelta(minutes=2)
    dua = penyegel.segel()
    assert dua is not None
    tiga = penyegel.segel(paksa=True)
    assert tiga is not None
    assert [satu.ke, dua.ke, tiga.ke] == [1, 2, 3]
    assert [satu.sebelum, dua.sebelum, tiga.sebelum] == [folder_segel.AWAL, satu.sidik_baris, dua.sidik_baris]
    assert penyegel.utuh()


def test_segel_mencakup_catatannya_sendiri(penyegel: Penyegel) -> None:
    """The entry SEGEL_DIBUAT is written first: the seal's head is that entry, and it names file and line before."""
    s = penyegel.segel()
    assert s is not None
    with penyegel.layanan.buku.transaksi() as tx:
        [*_, e] = tx.jejak.baca()
    assert (e.id, e.sidik, e.jenis) == (s.jejak, s.sidik, "SEGEL_DIBUAT")
    assert '"berkas": "segel-2026.jsonl"' in e.isi
    assert s.jumlah == s.jejak == 2


def test_satu_berkas_setahun_dan_haknya(penyegel: Penyegel) -> None:
    """A file a year, whose first line goes on from the last of the year before; nobody else may write or read it."""
    penyegel.segel()
    penyegel.kini = datetime(2026, 12, 31, 17, 1, tzinfo=UTC)  # new year in Jakarta
    penyegel.segel()
    berkas = sorted(b.name for b in penyegel.folder.glob("*.jsonl"))
    assert berkas == ["segel-2026.jsonl", "segel-2027.jsonl"]
    assert all(len((penyegel.folder / b).read_text().splitlines()) == 1 for b in berkas)
    assert {stat.S_IMODE((penyegel.folder / b).stat().st_mode) & 0o027 for b in berkas} == {0}
    assert penyegel.utuh()
    (penyegel.folder / "segel-2026.jsonl").unlink()
    assert (
        folder_segel.baca_segel(penyegel.folder).rusak == "segel-2027.jsonl baris 1: segel ke-1 hilang (yang ada: ke-2)"
    )


def test_jam_yang_maju_melewati_tahun_baru(penyegel: Penyegel) -> None:
    """A clock that ran ahead over new year leaves a seal in next year's file: sealing goes on, and all of it holds."""
    penyegel.segel()
    penyegel.kini = datetime(2027, 1, 3, 5, tzinfo=UTC)
    penyegel.segel()
    for hari_ in (30, 31):  # put right again
        penyegel.kini = datetime(2026, 12, hari_, 6, tzinfo=UTC)
        assert penyegel.segel() is not None
        assert penyegel.segel() is None
    penyegel.kini = datetime(2027, 1, 1, 5, tzinfo=UTC)
    assert penyegel.segel() is not None
    isi = folder_segel.baca_segel(penyegel.folder)
    assert ([s.ke for s in isi.segel], isi.rusak) == ([1, 2, 3, 4, 5], None)
    assert len((penyegel.folder / "segel-2026.jsonl").read_text().splitlines()) == 3
    assert penyegel.utuh()
    for masa in ({"dari": date(2026, 12, 31)}, {"sampai": date(2026, 12, 30)}, {"dari": date(2027, 1, 2)}):
        laporan = verifikasi(penyegel.layanan.buku, Lingkup(segel=penyegel.folder, **masa), lambda _: None)
        assert laporan.temuan == []
        # a seal whose date lies is passed over: the stretch that is looked at only grows
        assert "kepala jejak" in laporan.jangkar or masa == {"sampai": date(2026, 12, 30)}
    (penyegel.folder / "segel-2027.jsonl").unlink()
    assert (
        folder_segel.baca_segel(penyegel.folder).rusak == "segel-2026.jsonl baris 2: segel ke-2 hilang (yang ada: ke-3)"
    )


def test_segel_yang_terpotong_gagal_dan_ditarik(penyegel: Penyegel) -> None:
    """A seal that the disk takes in part only is an error, and leaves the file as it was (invariant 6)."""
    satu = penyegel.segel()
    assert satu is not None
    berkas = penyegel.folder / "segel-2026.jsonl"
    asli = berkas.read_bytes()
    dua = replace(satu, ke=2, sebelum=satu.sidik_baris)
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from ap2t.galat import SegelTidakSah\n"
        "from ap2t.audit import folder_segel as segel\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)\n"
        "try:\n"
        "    segel.tambah_segel(Path(sys.argv[1]), 2026, segel.uraikan(sys.argv[3]))\n"
        "except SegelTidakSah as e:\n"
        "    sys.exit(str(e))\n"
    )
    for batas in (len(asli), len(asli) + 1, len(asli) + 100, len(asli) + len(dua.baris)):
        perintah = [sys.executable, "-c", program, str(penyegel.folder), str(batas), dua.baris]
        hasil = subprocess.run(perintah, capture_output=True, text=True, check=False)
        keluar(hasil, 1)
        assert hasil.stderr.startswith("Segel tidak dapat ditulis ke ")
        assert berkas.read_bytes() == asli
    perintah[-2] = str(len(asli) + len(dua.baris) + 1)
    keluar(subprocess.run(perintah, capture_output=True, text=True, check=False))
    assert [s.ke for s in folder_segel.baca_segel(penyegel.folder).segel] == [1, 2]


def test_mati_di_antara_jejak_dan_berkas(penyegel: Penyegel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash after the entry and before the line: the next seal writes the line that is missing, and all holds."""
    penyegel.segel()
    penyegel.kini += timedelta(days=1)

    def mati(*_: Any) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as m:
        m.setattr(folder_segel, "tambah_segel", mati)
        with pytest.raises(KeyboardInterrupt):
            penyegel.segel()
    penyegel.catat()
    tiga = penyegel.segel(paksa=True)
    assert tiga is not None
    assert tiga.ke == 3
    assert "Segel ke-2 tercatat dalam jejak tetapi belum sempat ditulis; disusulkan" in " ".join(penyegel.catatan)
    assert [s.ke for s in folder_segel.baca_segel(penyegel.folder).segel] == [1, 2, 3]
    assert penyegel.utuh()


def test_folder_yang_salah_ditolak(penyegel: Penyegel, alamat_pg: AlamatPg) -> None:
    """A folder that lacks seals the trail mentions, or is another ledger's, is refused, not gone on with."""
    penyegel.segel()
    penyegel.kini += timedelta(days=1)
    penyegel.segel()
    asli, penyegel.folder = penyegel.folder, penyegel.folder.with_name("kosong")
    with pytest.raises(SegelTidakSah, match=r"jejak menyebut 2 segel, folder .* memuat 0"):
        penyegel.segel(paksa=True)
    penyegel.folder = asli
    with penyegel.layanan.buku.transaksi() as tx:
        kepala = tx.jejak.kepala()
    lain = folder_segel.baca_segel(asli).segel[-1]
    with folder_segel.terkunci(asli):
        folder_segel.tambah_segel(
            asli, 2026, folder_segel.Segel(3, lain.dibuat, lain.buku, 99, kepala.sidik, 99, lain.sidik_baris)
        )
    with pytest.raises(SegelTidakSah, match="jejak hanya menyebut 2: jejak mungkin dipotong"):
        penyegel.segel(paksa=True)


def test_folder_buku_lain_ditolak(penyegel: Penyegel, alamat_pg: AlamatPg) -> None:
    """A seal carries its ledger's own name: another ledger's folder is neither written nor believed."""
    penyegel.segel()
    with penyegel.layanan.buku.transaksi() as tx:
        assert tx.conn.execute(text("SELECT count(*) FROM pengesahan.identitas")).scalar_one() == 1
    [s] = folder_segel.baca_segel(penyegel.folder).segel
    (penyegel.folder / "segel-2026.jsonl").unlink()
    with folder_segel.terkunci(penyegel.folder):
        folder_segel.tambah_segel(
            penyegel.folder,
            2026,
            folder_segel.Segel(1, s.dibuat, "lain", s.jejak, s.sidik, s.jumlah, folder_segel.AWAL),
        )
    with pytest.raises(SegelTidakSah, match="memuat segel buku lain"):
        penyegel.segel()
    laporan = verifikasi(penyegel.layanan.buku, Lingkup(segel=penyegel.folder), lambda _: None)
    assert "segel milik buku lain" in laporan.temuan[0].apa


@pytest.mark.parametrize("robek", ["", "\n", "{}\n", '{"ke": 2}\n', '{"ke": 2'])
def test_berkas_rusak_ditolak(penyegel: Penyegel, robek: str) -> None:
    """A torn or foreign line stops the sealing with a sentence; nothing is written behind it."""
    penyegel.segel()
    berkas = penyegel.folder / "segel-2026.jsonl"
    asli = berkas.read_text()
    berkas.write_text(asli + robek)
    penyegel.kini += timedelta(days=1)
    if not robek:
        assert penyegel.segel() is not None
        return
    with pytest.raises(SegelTidakSah, match=r"rusak: segel-2026\.jsonl"):
        penyegel.segel()
    assert berkas.read_text() == asli + robek


def test_folder_tidak_dapat_dibuat(penyegel: Penyegel) -> None:
    """A folder that cannot be made is told in a sentence."""
    penyegel.folder.write_text("bukan folder")
    with pytest.raises(SegelTidakSah, match="tidak dapat ditulisi"):
        penyegel.segel()


def test_dua_penyegel_serentak(penyegel: Penyegel) -> None:
    """Two workers at once make one seal, not two."""
    hasil: list[Any] = []

    def kerja() -> None:
        with Layanan() as layanan:
            hasil.append(segel_harian(layanan, penyegel.folder, lambda _: None))

    utas = [threading.Thread(target=kerja) for _ in range(3)]
    for u in utas:
        u.start()
    for u in utas:
        u.join(20)
    assert sorted(h is None for h in hasil) == [False, True, True]
    assert penyegel.utuh()


@pytest.mark.parametrize("di", ["sesudah folder dibaca", "sebelum barisnya ditulis"])
def test_disegel_selagi_diperiksa(penyegel: Penyegel, monkeypatch: pytest.MonkeyPatch, di: str) -> None:
    """The audit sees folder and trail of one moment: a seal made meanwhile is no finding, wherever the two meet."""
    penyegel.segel()
    kolam = ThreadPoolExecutor(2)
    tertahan, lanjut = threading.Event(), threading.Event()
    baca, tambah = folder_segel.baca_segel, folder_segel.tambah_segel

    def tahan(*isi: Any) -> Any:
        hasil = baca(*isi) if di.startswith("sesudah") else None
        tertahan.set()
        lanjut.wait(30)
        return hasil if hasil else tambah(*isi)

    def segel_lagi() -> None:
        penyegel.segel(paksa=True)

    def audit() -> bool:
        return penyegel.utuh()

    with kolam, monkeypatch.context() as m:
        if di.startswith("sesudah"):
            m.setattr("ap2t.audit.periksa.folder_segel.baca_segel", tahan)
            duluan, menyusul = audit, segel_lagi
        else:
            m.setattr("ap2t.audit.segel.folder_segel.tambah_segel", tahan)
            duluan, menyusul = segel_lagi, audit
        satu = kolam.submit(duluan)
        assert tertahan.wait(30)
        m.undo()
        dua = kolam.submit(menyusul)
        wait([dua], timeout=1)  # it comes to its end only where nothing makes it wait for the other
        lanjut.set()
        satu.result(), dua.result()
    assert penyegel.utuh()
    assert len(folder_segel.baca_segel(penyegel.folder).segel) == 2


def test_folder_dipegang_terus(penyegel: Penyegel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that hangs over the folder keeps no seal waiting for good; who only looks, looks all the same."""
    penyegel.segel()
    monkeypatch.setattr(folder_segel, "SABAR", 0.1)
    with folder_segel.terkunci(penyegel.folder):
        with pytest.raises(SegelTidakSah, match="dipegang proses lain"):
            penyegel.segel(paksa=True)
        assert penyegel.utuh()


def test_tugas_menyegel(penyegel: Penyegel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The task seals once a day; without a folder it says loudly that nothing is sealed, and fails nobody's run."""
    tugas = SegelHarian(task_id="segel_harian")
    with pytest.raises(AirflowSkipException, match="TIDAK disegel"):
        tugas.execute({})  # type: ignore[arg-type]
    monkeypatch.setenv("AP2T_SEGEL_DIR", str(tmp_path / "tugas"))
    baris = tugas.execute({})  # type: ignore[arg-type]
    assert (tmp_path / "tugas" / f"segel-{hari(penyegel.kini).year}.jsonl").read_text() == f"{baris}\n"
    assert tugas.execute({}) is None  # type: ignore[arg-type]
