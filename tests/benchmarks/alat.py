"""What every benchmark shares: a result, alternating repetitions, medians, progress lines, the table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple


class Ukuran(NamedTuple):
    """How large the benchmarks are: rows, repetitions, and whether this is the quick run."""

    posting: int
    cuplikan: int
    besar: int
    kecil: int
    bulan_besar: int
    bulan_kecil: int
    ulang: int
    cepat: bool


PENUH = Ukuran(100_000, 1_000_000, 1_000_000, 100_000, 4_000_000, 400_000, 3, False)
CEPAT = Ukuran(10_000, 50_000, 20_000, 5_000, 100_000, 10_000, 2, True)


class Hasil(NamedTuple):
    """One line of the table.

    ``memenuhi`` None: measured, but at a size the bar does not speak of. ``dulu``: the same before columns, on
    27 November 2026.
    """

    apa: str
    terukur: str
    batas: str
    memenuhi: bool | None
    catatan: tuple[str, ...] = ()
    dulu: str = ""


def hasil_nisbah(
    apa: str, kita: Sequence[float], skrip: Sequence[float], batas: float, ukuran: Ukuran, *catatan: str, dulu: str
) -> Hasil:
    """Return the line of a ratio of ours to a bare script, both in seconds, run by run."""
    rasio = nisbah(kita, skrip)
    memenuhi = None if ukuran.cepat else rasio <= batas
    catatan = (f"kita {deret(kita)}; skrip {deret(skrip)}", *catatan)
    return Hasil(apa, f"{rasio:.2f} x", f"<= {batas}", memenuhi, catatan, dulu)


def kabar(kalimat: str) -> None:
    """Print one progress line."""
    print(f"[{datetime.now(UTC):%H:%M:%S}] {kalimat}", flush=True)


def detik(kerja: Callable[[], object]) -> float:
    """Return how long ``kerja`` took, in seconds."""
    mulai = time.perf_counter()
    kerja()
    return time.perf_counter() - mulai


def selang_seling(ulang: int, a: Callable[[int], float], b: Callable[[int], float]) -> tuple[list[float], list[float]]:
    """Measure A B A B …; what disturbs the machine disturbs both."""
    hasil: tuple[list[float], list[float]] = ([], [])
    for n in range(ulang):
        hasil[0].append(a(n))
        hasil[1].append(b(n))
    return hasil


def nisbah(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the ratio of the medians."""
    return statistics.median(a) / statistics.median(b)


def deret(nilai: Sequence[float], satuan: str = "s") -> str:
    """Write single measurements."""
    return " ".join(f"{n:.2f}" for n in nilai) + f" {satuan}"


def tabel(hasil: Sequence[Hasil]) -> str:
    """Return the Markdown table."""
    kata = {True: "ya", False: "**TIDAK**", None: "(ukuran kecil: tidak dinilai)"}
    baris = ["| apa | dulu | terukur | batas | memenuhi? |", "|---|---|---|---|---|"]
    baris += [f"| {h.apa} | {h.dulu} | {h.terukur} | {h.batas} | {kata[h.memenuhi]} |" for h in hasil]
    return "\n".join(baris)
