"""Snapshot, kWh, jam nyala and rekap, against a bare COPY out of the source and into one table."""

from __future__ import annotations

from statistics import median

from tests.benchmarks import telanjang
from tests.benchmarks.alat import Hasil, Ukuran, hasil_nisbah, kabar, selang_seling
from tests.benchmarks.jalan import Jalan
from tests.benchmarks.lapangan import Lapangan

BATAS = 2.7
LANGKAH = ("ambil_bacaan", "saring_jam_nyala", "rekap")


def ukur(lapangan: Lapangan, ukuran: Ukuran) -> list[Hasil]:
    """Alternate our three steps and the bare COPY over the same kelompok."""
    k = lapangan.kelompok(ukuran.cuplikan)
    per_langkah: dict[str, list[float]] = {nama: [] for nama in LANGKAH}

    def kita(_: int) -> float:
        j = Jalan.baru(k)
        j.langkah("buka_sesi")
        lapangan.tenangkan()
        for nama in LANGKAH:
            per_langkah[nama].append(j.langkah(nama))
        kabar("kita: " + ", ".join(f"{n} {v[-1]:.2f} s" for n, v in per_langkah.items()))
        j.tolak()
        return sum(v[-1] for v in per_langkah.values())

    def mereka(_: int) -> float:
        lapangan.tenangkan()
        lama = telanjang.salin(lapangan, k)
        kabar(f"COPY telanjang: {lama:.2f} s")
        return lama

    b, a = selang_seling(2 if ukuran.cuplikan >= 1_000_000 else 3, mereka, kita)
    apa = f"cuplikan + kWh + jam nyala + rekap {ukuran.cuplikan:,} baris, terhadap COPY telanjang"
    rincian = "per langkah: " + ", ".join(f"{n} {median(v) / median(b):.2f} x" for n, v in per_langkah.items())
    return [hasil_nisbah(apa, a, b, BATAS, ukuran, rincian, dulu="14.1 x")]
