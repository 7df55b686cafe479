"""The simulator finds every planted bug, and in the product as it is it finds nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.perintah import keluar
from tests.simulator.cacat import AKAR, CACAT, teks_cacat

BENIH = "cacat"
"""The planted bugs' stories: the same each time, so that a bug is not found by luck."""


LEKAS = (
    *("dikirim lagi tanpa dipastikan", "perubahan di sumber tidak dilihat", "yang ditahan dikirim"),
    *("yang dikembalikan dikirim", "jawaban tanpa peran diterima", "pengesah kedua boleh yang pertama"),
)
"""Planted bugs that are found within seconds, and looked for at each change. The others are looked for by night."""


def mainkan(*pilihan: str) -> subprocess.CompletedProcess[str]:
    """Play stories in a process of their own."""
    perintah = [sys.executable, "-m", "tests.simulator", *pilihan]
    return subprocess.run(perintah, cwd=AKAR, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("nama", CACAT)
def test_cacat_dapat_ditanam(nama: str) -> None:
    """What a bug replaces still stands where it is looked for: those of the night too, at each change."""
    assert teks_cacat(nama)


@pytest.mark.parametrize(
    "nama", [pytest.param(nama, marks=[pytest.mark.nightly] * (nama not in LEKAS)) for nama in CACAT]
)
def test_cacat_ditemukan(nama: str) -> None:
    """A planted bug is found within 2,000 stories, by what it does."""
    hasil = mainkan("--benih", BENIH, "--jumlah", "2000", "--cacat", nama, "--tanpa-susut")
    assert "TEMUAN pada cerita" in keluar(hasil, 1).stdout


def test_tanpa_cacat(record_property: Callable[[str, object], None]) -> None:
    """250 stories of a new seed, some 500 sessions: nothing lost, nothing doubled, nothing unapproved, all UTUH."""
    hasil = mainkan("--jumlah", "250")
    baris = keluar(hasil).stdout.splitlines()
    (ringkas,) = (satu for satu in baris if "0 hilang, 0 ganda, 0 tanpa persetujuan" in satu)
    record_property("simulator", f"{baris[0]}: {ringkas}")
