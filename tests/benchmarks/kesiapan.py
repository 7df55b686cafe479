"""One look at the readiness of one kelompok, beside few and beside many other readings of the same month."""

from __future__ import annotations

from statistics import median

import psycopg

from ap2t.domain.model import Tempat
from ap2t.proses.kesiapan import tengok
from ap2t.proses.layanan import Layanan
from sandbox import acmt_demo
from tests.benchmarks.alat import Hasil, Ukuran, detik, kabar
from tests.benchmarks.lapangan import KODE, Lapangan

BATAS_MS = 50.0
BATAS_SAMA = 1.2
"""What still counts as the same: beside many against beside few."""
ISI = 2000
ULANG = 31
THBLREK = "202606"
LAIN = 20


def _isi(lapangan: Lapangan, basis: str, lain: int) -> str:
    """Fill a database of its own with one kelompok of 2,000 rows and ``lain`` other rows of the month."""
    lapangan.acmt(basis)
    per_unit = LAIN * ISI
    unit = [
        acmt_demo.UnitDemo(str(70001 + n), f"ULP {n}", "70000", "70", "Asia/Jakarta") for n in range(lain // per_unit)
    ]
    kabar(f"mengisi {basis}: {lain:,} baris lain pada bulan itu")
    with lapangan.acmt_pemilik(basis) as conn:
        acmt_demo.isi(conn, baris=ISI, unit=unit, thblrek=THBLREK, riwayat=0)
        tengah = acmt_demo.UnitDemo("69999", "ULP Bench", "70000", "70", "Asia/Jakarta")
        acmt_demo.isi(conn, baris=ISI, unit=[tengah], thblrek=THBLREK, kelompok=(KODE,), riwayat=0)
    with psycopg.connect(lapangan.pg.url(basis), autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE acmt_dasar.bacaan")  # else autovacuum runs beside the looks
    return "69999"


def ukur(lapangan: Lapangan, ukuran: Ukuran) -> list[Hasil]:
    """Alternate a look in each database; every look has services of its own, as in a task."""
    basis = {"acmt_sepi": ukuran.bulan_kecil, "acmt_ramai": ukuran.bulan_besar}
    waktu: dict[str, list[float]] = {b: [] for b in basis}
    hangat: dict[str, list[float]] = {b: [] for b in basis}
    unitup = {b: _isi(lapangan, b, lain) for b, lain in basis.items()}
    lapangan.tenangkan()

    def lihat(layanan: Layanan, b: str) -> None:
        assert tengok(layanan, Tempat(unitup[b], THBLREK, KODE), "LENGKAP", "TERKIRIM").siap

    def baru(b: str) -> None:
        with Layanan() as layanan:
            lihat(layanan, b)

    for n in range(ULANG + 1):
        for b in basis:
            lapangan.acmt_dipakai(b)
            lama = detik(lambda b=b: baru(b))  # type: ignore[misc]
            with Layanan() as layanan:
                lihat(layanan, b)
                lagi = detik(lambda b=b, layanan=layanan: lihat(layanan, b))  # type: ignore[misc]
            if n:  # the first look warms the caches
                waktu[b].append(lama * 1000)
                hangat[b].append(lagi * 1000)
    lapangan.acmt_dipakai("acmt")
    ramai, sepi = median(hangat["acmt_ramai"]), median(hangat["acmt_sepi"])
    catatan = (
        f"median satu tengokan: {sepi:.1f} ms di samping {ukuran.bulan_kecil:,} baris, {ramai:.1f} ms di samping "
        f"{ukuran.bulan_besar:,}; dengan membuka koneksi: {median(waktu['acmt_sepi']):.1f} dan "
        f"{median(waktu['acmt_ramai']):.1f} ms"
    )
    nilai = None if ukuran.cepat else True
    return [
        Hasil(
            f"kesiapan satu kelompok {ISI:,} baris di samping {ukuran.bulan_besar:,} baris lain",
            f"{ramai:.0f} ms",
            f"<= {BATAS_MS:.0f} ms",
            nilai and ramai <= BATAS_MS,
            (catatan,),
        ),
        Hasil(
            f"kesiapan, {ukuran.bulan_besar:,} terhadap {ukuran.bulan_kecil:,} baris lain",
            f"{ramai / sepi:.2f} x",
            f"sama (<= {BATAS_SAMA})",
            nilai and ramai / sepi <= BATAS_SAMA,
        ),
    ]
