"""Ask the package index whether every pin has a wheel for each Python and machine that is promised.

Whoever installs needs no compiler then. Nothing is installed; uv reads the index's own lists, through the same settings
as an installation. Where the index cannot be reached nothing was looked at, and this says so.
"""

from __future__ import annotations

import subprocess
import sys
from itertools import product
from pathlib import Path

AKAR = Path(__file__).resolve().parents[1]
PYTHON = ("3.11", "3.12", "3.13")
MESIN = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28")
TAK_TERJANGKAU = ("Failed to fetch", "error sending request", "dns error", "Network connectivity")


def periksa(python: str, mesin: str, pin: str) -> str:
    """Return what uv says is missing for a Python and a machine; empty: nothing."""
    perintah = [sys.executable, "-m", "uv", "pip", "compile", "-q", "-", "--no-deps", "--only-binary", ":all:"]
    pilihan = ["--python-version", python, "--python-platform", mesin, "-o", "/dev/null"]
    hasil = subprocess.run([*perintah, *pilihan], input=pin, text=True, cwd=AKAR, capture_output=True, check=False)  # noqa: S603
    return hasil.stderr if hasil.returncode else ""


def main() -> int:
    """Print one line a Python and machine; 1 where a wheel is missing."""
    pin = (AKAR / "requirements.txt").read_text()
    gagal = 0
    for python, mesin in product(PYTHON, MESIN):
        kurang = periksa(python, mesin, pin)
        if any(tanda in kurang for tanda in TAK_TERJANGKAU):
            print("PERHATIAN: roda TIDAK diperiksa: indeks paket tidak terjangkau dari mesin ini.")
            return 0
        gagal += bool(kurang)
        print(f"Python {python}, {mesin}: {kurang or 'semua pin punya roda.'}")
    return bool(gagal)


if __name__ == "__main__":
    sys.exit(main())
