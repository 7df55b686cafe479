"""Every step in a process of its own at two sizes: whether posting grows linearly, and memory stays flat."""

from __future__ import annotations

from statistics import median

from tests.benchmarks.alat import Hasil, Ukuran, kabar
from tests.benchmarks.jalan import LANGKAH, Jalan
from tests.benchmarks.lapangan import Lapangan

BATAS_LURUS = 1.1
BATAS_MB = 400
BATAS_RATA = 1.15
"""What still counts as flat: the peak at the large size against the peak at the small one."""


def _satu_jalan(lapangan: Lapangan, baris: int) -> dict[str, dict[str, float]]:
    j = Jalan.baru(lapangan.kelompok(baris))
    hasil = {}
    for nama in LANGKAH:
        lapangan.tenangkan()
        hasil[nama] = j.langkah_anak(nama)
        kabar(f"{baris:,} baris, {nama}: {hasil[nama]['detik']:.2f} s, {hasil[nama]['mb']:.0f} MB")
    return hasil


def ukur(lapangan: Lapangan, ukuran: Ukuran) -> list[Hasil]:
    """Run small, large, small; what disturbs the machine slowly disturbs both sizes."""
    kecil = [_satu_jalan(lapangan, ukuran.kecil)]
    besar = _satu_jalan(lapangan, ukuran.besar)
    kecil.append(_satu_jalan(lapangan, ukuran.kecil))
    return [_lurus(ukuran, kecil, besar), *_memori(ukuran, kecil, besar)]


def _lurus(ukuran: Ukuran, kecil: list[dict[str, dict[str, float]]], besar: dict[str, dict[str, float]]) -> Hasil:
    def per_baris(nama: str) -> float:
        dasar = median(k[nama]["detik"] for k in kecil) / ukuran.kecil
        return besar[nama]["detik"] / ukuran.besar / dasar

    rasio = per_baris("posting_ap2t")
    lain = ", ".join(f"{n} {per_baris(n):.2f} x" for n in ("ambil_bacaan", "saring_jam_nyala", "rekap", "rekonsiliasi"))
    return Hasil(
        f"posting per baris, {ukuran.besar:,} terhadap {ukuran.kecil:,} baris",
        f"{rasio:.2f} x",
        f"<= {BATAS_LURUS}",
        None if ukuran.cepat else rasio <= BATAS_LURUS,
        (f"langkah lain per baris: {lain}",),
    )


def _memori(
    ukuran: Ukuran, kecil: list[dict[str, dict[str, float]]], besar: dict[str, dict[str, float]]
) -> list[Hasil]:
    puncak = max(besar, key=lambda n: besar[n]["mb"])
    rata = {n: besar[n]["mb"] / median(k[n]["mb"] for k in kecil) for n in besar}
    tumbuh = max(rata, key=lambda n: rata[n])
    mb = besar[puncak]["mb"]
    rincian = ", ".join(f"{n} {besar[n]['mb']:.0f}" for n in besar)
    return [
        Hasil(
            f"memori puncak sebuah tugas, {ukuran.besar:,} baris",
            f"{mb:.0f} MB ({puncak})",
            f"<= {BATAS_MB} MB",
            None if ukuran.cepat else mb <= BATAS_MB,
            (f"MB per langkah, dengan Airflow terimpor: {rincian}",),
        ),
        Hasil(
            f"memori puncak {ukuran.besar:,} terhadap {ukuran.kecil:,} baris",
            f"{rata[tumbuh]:.2f} x ({tumbuh})",
            f"rata (<= {BATAS_RATA})",
            None if ukuran.cepat else rata[tumbuh] <= BATAS_RATA,
        ),
    ]
