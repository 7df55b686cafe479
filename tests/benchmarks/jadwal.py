"""The schedule's one look at every unit's due kelompok, against a look for each as a waiting run's trigger has it.

Both are asked of the same readings, in turn: what is not ready yet stays so. What a waiting run costs the scheduler
besides is not in it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from statistics import median
from typing import NamedTuple

import psutil
import psycopg

from ap2t.domain.model import Tempat
from ap2t.jadwal.tengok import Laporan, Pengaturan, tengok_jadwal
from ap2t.proses.kesiapan import tengok
from ap2t.proses.layanan import Layanan
from sandbox import acmt_demo
from tests.benchmarks.alat import Hasil, Ukuran, kabar
from tests.benchmarks.lapangan import KODE, Lapangan

UNIT, BARIS = 900, 500
UNIT_CEPAT, BARIS_CEPAT = 60, 100
SIAP_TIAP = 10
"""One unit in so many is ready at the first look, and opened there."""
BATAS = 0.25
ATUR = Pengaturan((KODE,), 36, 7, 2000)
JADWAL_KINI = """
UPDATE acmt_dasar.jadwal_hari_baca j SET tgl_mulai = (now() AT TIME ZONE 'Asia/Jakarta')::date
 WHERE thblrek = (SELECT max(b.thblrek) FROM acmt_dasar.bacaan b WHERE b.unitup = j.unitup)
"""
BELUM = """
UPDATE acmt_dasar.bacaan b SET kirim_oleh = NULL, kirim_pada = NULL
 WHERE (unitup, idpel) IN (SELECT unitup, min(idpel) FROM acmt_dasar.bacaan GROUP BY unitup)
   AND CAST(unitup AS integer) %% %s <> 0
"""


class Biaya(NamedTuple):
    """Seconds on the clock, and of CPU: Python's and PostgreSQL's together."""

    jam: float
    cpu: float


def _cpu(pg: psutil.Process) -> float:
    """CPU of this process and of PostgreSQL, with the backends that have ended."""
    t = pg.cpu_times()
    return time.process_time() + t.user + t.system + t.children_user + t.children_system


def _biaya(pg: psutil.Process, kerja: Callable[[], object]) -> Biaya:
    mulai, cpu = time.perf_counter(), _cpu(pg)
    kerja()
    jam = time.perf_counter() - mulai
    time.sleep(0.3)  # the backends of closed connections end, and are counted, a moment later
    return Biaya(jam, _cpu(pg) - cpu)


def _isi(lapangan: Lapangan, unit: int, baris: int) -> dict[str, str]:
    kabar(f"mengisi {unit} unit x 1 kelompok x {baris} baris")
    semua = [acmt_demo.UnitDemo(str(71000 + n), f"ULP {n}", "71000", "71", "Asia/Jakarta") for n in range(unit)]
    with lapangan.acmt_pemilik() as conn:
        bulan = acmt_demo.isi(
            conn, baris=baris, unit=semua, kelompok=(KODE,), sekarang=datetime.now(UTC), riwayat=0
        ).thblrek
        conn.execute(JADWAL_KINI)
        conn.execute(BELUM, [SIAP_TIAP])
    with psycopg.connect(lapangan.pg.url("acmt"), autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE acmt_dasar.bacaan")  # else autovacuum runs beside the looks
    lapangan.tenangkan()
    return {u: b for (u, _), b in bulan.items()}


def ukur(lapangan: Lapangan, ukuran: Ukuran) -> list[Hasil]:
    """First the look that opens what is ready, then the two ways in turn over what is not."""
    unit, baris = (UNIT_CEPAT, BARIS_CEPAT) if ukuran.cepat else (UNIT, BARIS)
    bulan = _isi(lapangan, unit, baris)
    pg = psutil.Process(int((lapangan.folder / "pg" / "postmaster.pid").read_text().splitlines()[0]))
    dibuka: set[str] = set()

    def buka(_: str, run_id: str, __: Mapping[str, object]) -> bool:
        dibuka.add(run_id)
        return True

    def sekali() -> Laporan:
        with Layanan() as layanan:
            return tengok_jadwal(layanan, buka, lambda _: None, ATUR)

    belum = [u for u in bulan if int(u) % SIAP_TIAP]

    def satu_satu() -> None:
        for u in belum:
            with Layanan() as layanan:
                assert not tengok(layanan, Tempat(u, bulan[u], KODE), "LENGKAP", "TERKIRIM").siap

    pertama = _biaya(pg, sekali)
    assert len(dibuka) == unit - len(belum)
    a: list[Biaya] = []
    b: list[Biaya] = []
    for _ in range(ukuran.ulang):
        a.append(_biaya(pg, sekali))
        b.append(_biaya(pg, satu_satu))
    assert len(dibuka) == unit - len(belum)

    def tengah(hasil: list[Biaya], apa: int) -> float:
        return median(h[apa] for h in hasil)

    nisbah_cpu = tengah(a, 1) / tengah(b, 1)
    catatan = (
        f"satu tengokan atas {len(belum)} kelompok yang belum siap: {tengah(a, 0):.2f} s, {tengah(a, 1):.2f} CPU-s",
        f"satu per satu, seperti pemicu run yang menunggu: {tengah(b, 0):.2f} s, {tengah(b, 1):.2f} CPU-s "
        f"({tengah(b, 1) / len(belum) * 1000:.1f} ms tiap kelompok); nisbah jam {tengah(a, 0) / tengah(b, 0):.3f}",
        f"tengokan pertama, yang mencatat {unit} dan membuka {len(dibuka)}: {pertama.jam:.2f} s, "
        f"{pertama.cpu:.2f} CPU-s (tanpa Airflow)",
    )
    return [
        Hasil(
            f"satu tengokan jadwal atas {unit} unit x {baris} baris, CPU, terhadap satu tengokan tiap kelompok",
            f"{nisbah_cpu:.3f} x",
            f"<= {BATAS}",
            None if ukuran.cepat else nisbah_cpu <= BATAS,
            catatan,
        )
    ]
