"""Ask for known vulnerabilities of every pinned package (pip-audit, PyPI's advisories).

Fails where a vulnerability has a version that mends it and is not in ``DITERIMA``. Where the advisories cannot be
reached nothing was looked at, and this says so loudly instead of passing for clean.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

AKAR = Path(__file__).resolve().parents[1]
PIP_AUDIT = "pip-audit==2.10.1"
DITERIMA: dict[str, str] = {}
"""Advisory id to the reason why it does not touch us."""


def tanya() -> list[dict[str, object]] | None:
    """Return pip-audit's findings for every package, or None where it could not run."""
    with tempfile.TemporaryDirectory() as folder:
        hasil = Path(folder) / "hasil.json"
        perintah = [sys.executable, "-m", "uv", "tool", "run", "-q", "--from", PIP_AUDIT, "pip-audit"]
        pilihan = ["-r", "requirements.txt", "--no-deps", "--disable-pip", "--progress-spinner", "off"]
        try:
            subprocess.run(  # noqa: S603 -- our own fixed command
                [*perintah, *pilihan, "-f", "json", "-o", str(hasil)],
                cwd=AKAR,
                capture_output=True,
                check=False,
                timeout=300,
            )
            isi: list[dict[str, object]] = json.loads(hasil.read_text())["dependencies"]
        except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
            return None
    return isi


def main() -> int:
    """Print what was found; 1 where something must be raised."""
    semua = tanya()
    terperiksa = [p for p in semua or [] if "skip_reason" not in p]
    if not terperiksa:
        print("PERHATIAN: kerentanan paket TIDAK diperiksa: daftar kerentanan tidak terjangkau dari mesin ini.")
        return 0
    if len(terperiksa) < len(semua or []):
        print(f"PERHATIAN: {len(semua or []) - len(terperiksa)} paket tidak dikenal daftar kerentanan.")
    gagal = 0
    for p in terperiksa:
        for v in p.get("vulns") or []:  # type: ignore[attr-defined]
            perbaikan = ", ".join(v["fix_versions"])
            diterima = DITERIMA.get(v["id"])
            kabar = diterima or (f"naikkan ke {perbaikan}" if perbaikan else "belum ada perbaikannya")
            print(f"{p['name']} {p['version']}: {v['id']}; {kabar}")
            gagal += bool(perbaikan and not diterima)
    print(f"Kerentanan: {len(terperiksa)} paket diperiksa, {gagal} harus dinaikkan.")
    return 1 if gagal else 0


if __name__ == "__main__":
    sys.exit(main())
