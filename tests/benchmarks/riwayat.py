"""What was measured, kept by commit: ``python -m tests.benchmarks.riwayat [--catat]``.

Draws what full runs left here (matplotlib, which `make bench` brings). ``--catat`` writes the last one into the history
of docs/pengelola/ukuran.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.alat import Hasil, Ukuran

AKAR = Path(__file__).resolve().parents[2]
TEMPAT = AKAR / "artefak" / "bench"
DOKUMEN = AKAR / "docs" / "pengelola" / "ukuran.md"
TANDA = "<!-- history: new lines stand above this one -->"


def simpan(hasil: Sequence[Hasil], ukuran: Ukuran) -> Path:
    """Write a run's results as JSON, and return the file: commit, instant, cores, sizes, the lines of the table."""
    saat = datetime.now(UTC)
    isi = {
        "commit": _git("rev-parse", "--short=12", "HEAD"),
        "berubah": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "pada": saat.isoformat(timespec="seconds"),
        "inti": os.cpu_count(),
        "ukuran": ukuran._asdict(),
        "hasil": [{**h._asdict(), "nilai": nilai(h.terukur)} for h in hasil],
    }
    TEMPAT.mkdir(parents=True, exist_ok=True)
    berkas = TEMPAT / f"{saat:%Y%m%dT%H%M%SZ}.json"
    berkas.write_text(json.dumps(isi, ensure_ascii=False, indent=1) + "\n")
    return berkas


def nilai(terukur: str) -> float | None:
    """Return the number that a result begins with (``1.84 x``). None: it begins with none."""
    try:
        return float(terukur.split()[0].replace(",", ""))
    except (IndexError, ValueError):
        return None


def semua() -> Iterator[dict[str, Any]]:
    """Yield what full runs left here, the oldest first."""
    for berkas in sorted(TEMPAT.glob("*.json")):
        isi = json.loads(berkas.read_text())
        if not isi["ukuran"]["cepat"]:
            yield isi


def gambar() -> Path | None:
    """Draw every figure over the full runs that are here, each against its first one. None: there are no such runs."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    garis: dict[str, list[tuple[str, float]]] = {}
    for isi in semua():
        for h in isi["hasil"]:
            if h["nilai"]:
                garis.setdefault(h["apa"], []).append((f"{isi['pada'][:10]}\n{isi['commit'][:7]}", h["nilai"]))
    if not garis:
        return None
    bidang, sumbu = pyplot.subplots(figsize=(12, 7))
    for apa, titik in garis.items():
        sumbu.plot([t for t, _ in titik], [n / titik[0][1] for _, n in titik], marker="o", label=apa)
    sumbu.set_ylabel("terhadap pengukuran pertama")
    sumbu.set_ylim(bottom=0)
    sumbu.grid(alpha=0.3)
    sumbu.legend(fontsize="x-small", loc="upper center", bbox_to_anchor=(0.5, -0.12))
    berkas = TEMPAT / "riwayat.svg"
    bidang.savefig(berkas, bbox_inches="tight")
    return berkas


def catat() -> str:
    """Write the last full run into the document's history, and say so. A run of a changed tree is nobody's."""
    *_, isi = [None, *semua()]
    if isi is None or isi["berubah"]:
        return "Tidak dicatat: belum ada jalan dengan ukuran penuh, atau yang diukur bukan sebuah commit."
    baru = "".join(
        f"| {isi['pada'][:10]} | {isi['commit'][:8]} | {h['apa']} | {h['terukur']} |\n" for h in isi["hasil"]
    )
    teks = DOKUMEN.read_text()
    depan, tanda, belakang = teks.partition(TANDA)
    DOKUMEN.write_text(f"{depan}{baru}{tanda}{belakang}")
    return f"Dicatat di {DOKUMEN.relative_to(AKAR)}."


def _git(*kata: str) -> str:
    perintah = ["git", *kata]  # whichever is here
    return subprocess.run(perintah, cwd=AKAR, check=False, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    if "--catat" in sys.argv:
        print(catat())
    print(f"Gambar: {gambar() or 'belum ada, karena belum ada jalan dengan ukuran penuh'}")
