"""``python -m tests.benchmarks [--cepat] [name …]``: measure, then print a Markdown table. The exit code is 0."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable

from tests.benchmarks import (
    audit,
    cuplikan,
    halaman,
    hemat,
    jadwal,
    kesiapan,
    langkah,
    posting,
    riwayat,
    run_utuh,
    sehari,
    status,
    urai,
)
from tests.benchmarks.alat import CEPAT, PENUH, Hasil, Ukuran, kabar, tabel
from tests.benchmarks.lapangan import Lapangan, lapangan

LAPANGAN: dict[str, Callable[[Lapangan, Ukuran], list[Hasil]]] = {
    "posting": posting.ukur,
    "cuplikan": cuplikan.ukur,
    "mariadb": cuplikan.ukur_mariadb,
    "hemat": hemat.ukur,
    "kesiapan": kesiapan.ukur,
    "jadwal": jadwal.ukur,
    "langkah": langkah.ukur,
    "audit": audit.ukur,
    "status": status.ukur,
    "halaman": halaman.ukur,
}
"""Benchmarks on a field of their own: a fresh one each, so that none pays for another."""
SENDIRI: dict[str, Callable[[Ukuran], list[Hasil]]] = {
    "urai": urai.ukur,
    "run_utuh": run_utuh.ukur,
    "sehari": sehari.ukur,
    "nasional": sehari.ukur_nasional,
}
"""Benchmarks that bring their own parts."""
LAMBAT = {"mariadb", "langkah", "run_utuh", "halaman", "sehari", "nasional"}
"""Left out of the quick run unless they are named."""
DISEBUT = {"nasional"}
"""Left out of any run unless they are named."""
KAKI = "Nisbah diukur berselang-seling dalam satu jalan pada satu mesin; yang dibandingkan adalah mediannya."


def _satu(nama: str, ukuran: Ukuran) -> list[Hasil]:
    kabar(f"=== {nama}")
    mulai = time.monotonic()
    if nama in SENDIRI:
        hasil = SENDIRI[nama](ukuran)
    else:
        with lapangan() as tempat:
            hasil = LAPANGAN[nama](tempat, ukuran)
    for h in hasil:
        kabar(f"{h.apa}: {h.terukur} (batas {h.batas})")
    kabar(f"{nama} selesai dalam {time.monotonic() - mulai:.0f} s")
    return hasil


def utama(argumen: list[str] | None = None) -> int:
    """Run what was asked for; a bar that is missed is said, not punished."""
    semua = [*LAPANGAN, *SENDIRI]
    urai = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Nisbah terhadap skrip telanjang.")
    urai.add_argument("--cepat", action="store_true", help="ukuran kecil: apakah semuanya jalan, bukan penilaian")
    urai.add_argument("nama", nargs="*", choices=[*semua, []], help="yang mana saja; kosong: semua")
    pilihan = urai.parse_args(argumen)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped on the way out
    ukuran = CEPAT if pilihan.cepat else PENUH
    bawaan = [n for n in semua if n not in (LAMBAT if pilihan.cepat else DISEBUT)]
    hasil = [h for nama in (pilihan.nama or bawaan) for h in _satu(nama, ukuran)]
    print(f"\n{tabel(hasil)}\n")
    for h in hasil:
        for c in h.catatan:
            print(f"- {h.apa}: {c}.")
    print(f"- {KAKI}")
    print(f"- Sebagai JSON: {riwayat.simpan(hasil, ukuran)}")
    meleset = [h.apa for h in hasil if h.memenuhi is False]
    print(f"\nMELESET dari batas: {'; '.join(meleset)}." if meleset else "\nTidak ada batas yang meleset.")
    return 0


if __name__ == "__main__":
    sys.exit(utama())
