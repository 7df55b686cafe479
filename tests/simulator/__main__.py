"""``make faults``: play stories from a seed until one fails, and say how long that took."""

from __future__ import annotations

import argparse
import gc
import hashlib
import itertools
import logging
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.simulator.cerita import Cerita
    from tests.simulator.lakon import Lakon
    from tests.simulator.panggung import Panggung

JEDA = 5.0
"""Seconds between two progress lines."""
SUSUT_MAKS = 400
"""Stories that shortening may play."""


def utama() -> int:
    """Play, and return the exit code."""
    urai = argparse.ArgumentParser(prog="python -m tests.simulator")
    urai.add_argument("--benih", default="", help="the seed; none: a new one")
    urai.add_argument("--jumlah", type=int, default=500, help="how many stories")
    urai.add_argument("--hanya", type=int, help="that story alone")
    urai.add_argument("--cacat", help="a planted bug (cacat.py)")
    urai.add_argument("--tanpa-susut", action="store_true", help="do not shorten the story that fails")
    pilih = urai.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of sets would be another one in each process
        os.execve(  # noqa: S606
            sys.executable,
            [sys.executable, "-m", "tests.simulator", *sys.argv[1:]],
            os.environ | {"PYTHONHASHSEED": "0"},
        )
    siapkan(pilih.cacat)
    from tests.simulator.panggung import buka_panggung

    benih = pilih.benih or secrets.token_hex(4)
    nomor = range(pilih.jumlah) if pilih.hanya is None else [pilih.hanya]
    print(f"SEED={benih} JUMLAH={pilih.jumlah}", flush=True)
    with buka_panggung() as panggung:
        return mainkan(panggung, benih, nomor, susut=not pilih.tanpa_susut)


def siapkan(cacat: str | None) -> None:
    """Make the tests' own helpers importable, and keep what they start quiet."""
    akar = Path(__file__).parents[2]
    sys.path[:0] = [str(akar / "tests" / "integration"), str(akar / "tests")]
    for nama in [n for n in os.environ if n.startswith(("AIRFLOW_CONN_", "AP2T_"))]:
        del os.environ[nama]
    logging.disable(logging.CRITICAL)
    if cacat:
        from tests.simulator.cacat import tanam

        tanam(cacat)
    # the tests' conftest would start their servers' modules; of it only these names are asked for
    ganti: Any = ModuleType("conftest")
    ganti.KENDALI, ganti.SANDI, ganti.Sandbox = "", "sandi-Rahasia-7731", object
    sys.modules["conftest"] = ganti


def mainkan(panggung: Panggung, benih: str, nomor: range | list[int], *, susut: bool) -> int:
    from tests.simulator.cerita import buat
    from tests.simulator.lakon import Lakon

    hitung: Counter[str] = Counter()
    gc.freeze()
    gc.set_threshold(100_000)
    awal = terakhir = time.perf_counter()
    lama: list[float] = []
    sidik = hashlib.sha256()
    for ke, satu in enumerate(nomor, 1):
        mulai, sebelum = time.perf_counter(), hitung["sesi"]
        cerita = buat(benih, satu)
        lakon = Lakon(panggung, cerita, hitung)
        if temuan := lakon.main():
            _lapor(panggung, benih, cerita, temuan, susut=susut)
            print(f"Ditemukan sesudah {ke} cerita, {hitung['sesi']} sesi.")
            return 1
        if ke % 20 == 0:
            gc.collect()  # seldom, and not wherever it may fall
        sidik.update("\n".join(lakon.catatan).encode())
        kini = time.perf_counter()
        lama += [(kini - mulai) * 1000 / max(1, hitung["sesi"] - sebelum)]
        if kini - terakhir >= JEDA:
            terakhir = kini
            print(f"{ke} cerita, {hitung['sesi']} sesi, {ke / (kini - awal):.1f}/s", flush=True)
    if temuan := panggung.verifikasi():
        print("TEMUAN audit seluruh buku:", *temuan[:20], sep="\n  ")
        return 1
    for apa, kali in sorted(hitung.items()):
        print(f"  {apa:32} {kali}")
    print(f"Sidik riwayat (sama pada SEED yang sama): {sidik.hexdigest()[:16]}")
    tengah = sorted(lama)[len(lama) // 2]
    print(
        f"0 hilang, 0 ganda, 0 tanpa persetujuan: {len(lama)} cerita, {hitung['sesi']} sesi, "
        f"{hitung['kematian']} kematian; median {tengah:.0f} ms per sesi"
    )
    return 0


def _lapor(panggung: Panggung, benih: str, cerita: Cerita, temuan: list[str], *, susut: bool) -> None:
    """Tell what was found, the shortest story that still shows it, what happened there, and how all stands."""
    from tests.simulator.lakon import Lakon, riwayat

    print(f"TEMUAN pada cerita {cerita.nomor}:", *temuan, sep="\n  ")
    print(f"Ulangi: make faults SEED={benih} HANYA={cerita.nomor}", flush=True)
    tempat = itertools.count(450_000)  # each try in a kelompok of its own

    def main(satu: Cerita) -> Lakon:
        lakon = Lakon(panggung, satu, Counter(), next(tempat))
        lakon.main()
        return lakon

    if susut:
        cerita = susutkan(cerita, temuan, main)
    lakon = main(cerita)
    print("Cerita terpendek yang masih gagal:", cerita.tulis(), *riwayat(lakon), sep="\n")


def susutkan(cerita: Cerita, temuan: list[str], main: Callable[[Cerita], Lakon]) -> Cerita:
    """Leave out whatever a story does not need to fail in the same way."""
    jenis = temuan[0].split(":")[0]
    sisa = SUSUT_MAKS
    while True:
        for lebih_pendek in cerita.lebih_pendek():
            if (sisa := sisa - 1) < 0:
                return cerita
            if any(satu.startswith(jenis) for satu in main(lebih_pendek).hakim.temuan):
                cerita = lebih_pendek
                break
        else:
            return cerita


if __name__ == "__main__":
    sys.exit(utama())
