"""``python -m tests.benchmarks.pertumbuhan [rows]``: how the ledger grows, measured: bytes a customer and a session.

One finished session of a few customers says what a session costs by itself, one of many what each customer adds.
"""

from __future__ import annotations

import sys
from collections import Counter

import psycopg

from tests.benchmarks.alat import kabar
from tests.benchmarks.jalan import Jalan
from tests.benchmarks.lapangan import Lapangan, lapangan

SEDIKIT, ULANG = 50, 20
BANYAK = 50_000
UKURAN = (
    "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
    "WHERE relnamespace = 'pengesahan'::regnamespace AND relkind = 'r'"
)
PELANGGAN_SEBULAN = 36_500_000
SESI_SEBULAN = 900 * 20
"""The nation: 900 units, each with 20 kelompok a month."""


def _ukuran(tempat: Lapangan) -> Counter[str]:
    """Bytes of every table with its indexes and long values, dead space given back first."""
    with tempat.buku() as conn:
        conn.execute("VACUUM FULL")
        return Counter(dict(conn.execute(UKURAN).fetchall()))


def _bertambah(tempat: Lapangan, baris: int, ulang: int) -> Counter[str]:
    """Run whole sessions of ``baris`` customers; return by how much each table grew."""
    jalan = [Jalan.baru(tempat.kelompok(baris)) for _ in range(ulang)]
    awal = _ukuran(tempat)
    for j in jalan:
        j.sampai("tutup_sesi")
    akhir = _ukuran(tempat)
    akhir.subtract(awal)
    return akhir


def utama(banyak: int) -> None:
    """Measure and print the Markdown table."""
    with lapangan() as tempat:
        kecil = _bertambah(tempat, SEDIKIT, ULANG)
        kabar(f"{ULANG} sesi kecil selesai")
        besar = _bertambah(tempat, banyak, 1)
        with tempat.buku() as conn:
            jejak = conn.execute("SELECT count(*) FROM pengesahan.jejak").fetchone()
    pelanggan = {t: max(0.0, (besar[t] - kecil[t] / ULANG) / (banyak - SEDIKIT)) for t in besar}
    sesi = {t: max(0.0, kecil[t] / ULANG - pelanggan[t] * SEDIKIT) for t in besar}
    print("\n| table | bytes a customer | bytes a session |\n|---|---|---|")
    for t in sorted(pelanggan, key=lambda t: -pelanggan[t] * PELANGGAN_SEBULAN - sesi[t] * SESI_SEBULAN):
        if pelanggan[t] >= 0.5 or sesi[t] >= 50:
            print(f"| `{t}` | {pelanggan[t]:.0f} | {sesi[t]:,.0f} |")
    print(f"| **all** | **{sum(pelanggan.values()):.0f}** | **{sum(sesi.values()):,.0f}** |")
    bulan = sum(pelanggan.values()) * PELANGGAN_SEBULAN + sum(sesi.values()) * SESI_SEBULAN
    print(f"\nThe nation, a month: {bulan / 1e9:.1f} GB. Entries of the trail in all this: {jejak and jejak[0]:,}.")


if __name__ == "__main__":
    try:
        utama(int(sys.argv[1]) if len(sys.argv) > 1 else BANYAK)
    except psycopg.Error as e:
        sys.exit(f"buku: {e}")
