"""Children of the embedded stack: stopped together with what they left, ports not given twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from sandbox import anak
from sandbox.rumah import AKAR, Rumah

TIDUR = "import time; print('siap', flush=True); time.sleep(60)"
KEPALA_BATU = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {TIDUR}"
BERANAK = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {TIDUR!r}])"


@pytest.fixture
def rumah(tmp_path: Path) -> Rumah:
    r = Rumah(tmp_path)
    r.siapkan()
    return r


def jalankan(rumah: Rumah, **program: str) -> list[psutil.Process]:
    """Start children; return all that then run, once each has said so."""
    for nama, isi in program.items():
        anak.nyalakan(rumah, nama, [sys.executable, "-c", isi], {})
        anak.tunggu(nama, lambda n=nama: "siap" in anak.ekor(rumah.log / f"{n}.log"), batas=30, jeda=0.05)
    return [p for nama in program for p in anak._sesesi(rumah, nama)]


def test_berhenti_bersama(rumah: Rumah) -> None:
    """One that does not listen is killed; what an ended leader left in its session ends too; others stay."""
    lain = jalankan(rumah, lain=TIDUR)
    semua = jalankan(rumah, patuh=TIDUR, batu=KEPALA_BATU, yatim=BERANAK)
    anak.tunggu("yatim", lambda: not anak.hidup(rumah, "yatim"), batas=30, jeda=0.05)
    assert len(semua) >= 3
    assert anak.hentikan(rumah, "batu", "tidak-pernah", "patuh", "yatim", sabar=1) == ["batu", "patuh", "yatim"]
    assert not [p for p in semua if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
    assert [p.pid for p in lain if p.is_running()] == [rumah.proses["lain"]["pid"]]
    assert anak.hentikan(rumah, "lain") == ["lain"]
    assert rumah.proses == {}
    assert anak.hentikan(rumah, "lain") == []


def test_berhenti_sebelum_pernah_mulai(tmp_path: Path) -> None:
    """`make down` where nothing was ever started has nothing to do."""
    assert anak.hentikan(Rumah(tmp_path / "tidak-ada"), "api-server") == []


def test_porta_tidak_diberikan_dua_kali() -> None:
    """What a running stack has been given, another does not get, though nothing listens yet."""
    program = "from sandbox.anak import porta_bebas; print(porta_bebas(28400), flush=True); input()"
    perintah = [sys.executable, "-c", program]
    with subprocess.Popen(
        perintah, cwd=AKAR / "include", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as stack:
        assert stack.stdout is not None
        assert stack.stdin is not None
        diberi = int(stack.stdout.readline())
        assert anak.porta_bebas(diberi) != diberi
        stack.stdin.write("\n")
    assert anak.porta_bebas(diberi) == diberi
    assert anak.porta_bebas(diberi) == diberi  # the same process is not in its own way
