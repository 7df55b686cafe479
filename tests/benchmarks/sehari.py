"""A day of many units on one scheduler, from the schedule to the last reconciliation.

Every kelompok that falls due is opened by the schedule, once; all gates wait for their people at the same time;
scripted supervisors answer; all rows are posted and reconciled. Once with 30 units and once with 300, each on a stack
of its own, so that the time per run can be compared; and, where ``nasional`` is named, 900 units on two schedulers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import mean, median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import psycopg

from sandbox import acmt_demo
from sandbox.acmt_demo import UnitDemo
from sandbox.postgres import BACA, PostgresTertanam
from sandbox.rest import UMUR_GERBANG, KlienAirflow
from sandbox.rumah import Rumah
from tests.benchmarks.alat import Hasil, Ukuran, kabar
from tests.benchmarks.cpu import per_bagian
from tests.benchmarks.lapangan import folder_buangan

BARIS = 2000
KODE = ("A", "B", "C")
ZONA = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
DATAR = 1.2
"""Time per run with 300 units over that with 30: up to this it counts as flat."""
JAWAB_SEKALIGUS = 6
HALAMAN = 100
"""Runs that Airflow's API gives at once, at most."""
NASIONAL, SCHEDULER_NASIONAL = 900, 2
DITERUSKAN = ("AIRFLOW__CORE__PARALLELISM", "AIRFLOW__SCHEDULER__MAX_DAGRUNS_PER_LOOP_TO_SCHEDULE")
"""Settings that the environment may change, to compare."""
LAMA_MAKS = 3 * 3600.0
SELESAI, MENUNGGU = "SELESAI", "MENUNGGU_PERSETUJUAN"


class Hari(NamedTuple):
    """What one day took.

    Seconds: ``sampai_gerbang`` from the first run that was opened until all gates waited, ``sampai_selesai`` from the
    first answer until the last session was closed. ``cpu``: CPU seconds by component.
    """

    unit: int
    sampai_gerbang: float
    sampai_selesai: float
    cpu: dict[str, float]
    tugas: dict[str, float]
    satu_gerbang: float
    satu_selesai: float

    @property
    def per_run(self) -> float:
        """Seconds of the machine for each run, without the wait for people."""
        return (self.sampai_gerbang + self.sampai_selesai) / self.unit


def ukur(ukuran: Ukuran) -> list[Hasil]:
    """Run the smaller day, then the larger one."""
    kecil, besar = (sehari(n, 200 if ukuran.cepat else BARIS) for n in ((3, 6) if ukuran.cepat else (30, 300)))
    nisbah = besar.per_run / kecil.per_run
    return [
        Hasil(
            f"sehari {besar.unit} unit terhadap {kecil.unit}: waktu mesin per run",
            f"{nisbah:.2f} x ({besar.per_run:.1f} s, {kecil.per_run:.1f} s)",
            f"datar (<= {DATAR} x), tiap run sekali, semua diposting dan cocok",
            None if ukuran.cepat else nisbah <= DATAR,
            tuple(map(_kalimat, (kecil, besar))),
        )
    ]


def ukur_nasional(ukuran: Ukuran) -> list[Hasil]:
    """Run a day of the nation's units on two schedulers, once."""
    hari = sehari(*((9, 200) if ukuran.cepat else (NASIONAL, BARIS)), scheduler=SCHEDULER_NASIONAL)
    apa = f"sehari {hari.unit} unit, {SCHEDULER_NASIONAL} scheduler: waktu mesin per run"
    batas = "tiap run sekali, semua diposting dan cocok"
    return [Hasil(apa, f"{hari.per_run:.1f} s", batas, None, (_kalimat(hari),))]


def _kalimat(h: Hari) -> str:
    urut = sorted(h.cpu.items(), key=lambda b: -b[1])
    tugas = sorted(h.tugas.items(), key=lambda b: -b[1])[:6]
    return (
        f"{h.unit} unit: semua gerbang menunggu sesudah {h.sampai_gerbang:.0f} s (satu run, median, "
        f"{h.satu_gerbang:.0f} s), semua selesai {h.sampai_selesai:.0f} s sesudah jawaban pertama (satu run, dari "
        f"jawabannya, median {h.satu_selesai:.0f} s); detik-inti per run "
        + ", ".join(f"{n} {c / h.unit:.1f}" for n, c in urut)
        + "; detik per tugas "
        + ", ".join(f"{n} {d:.1f}" for n, d in tugas)
    )


def sehari(jumlah: int, baris: int, *, scheduler: int = 1) -> Hari:
    """Let a day of ``jumlah`` units of ``baris`` rows pass, and check that nothing was lost or doubled.

    :raises AssertionError: a run is missing or doubled, a session did not end well, a row is not as it must be.
    """
    with folder_buangan(f"ap2t-bench-hari{jumlah}-") as folder:
        rumah = Rumah(folder / "rumah")
        unit = _isi(rumah, jumlah, baris)
        with _stack(rumah, scheduler) as env:
            return Sehari(rumah, env, unit, baris).jalan()


def _isi(rumah: Rumah, jumlah: int, baris: int) -> dict[str, UnitDemo]:
    """Fill ACMT: each unit has one kelompok that falls due today in its own zone, all ready."""
    rumah.siapkan()
    pg = PostgresTertanam(rumah.pg)
    pg.siapkan("acmt", "acmt_pemilik", BACA)
    semua = [UnitDemo(f"{71000 + n}", f"ULP Uji {n}", "71000", "71", ZONA[n % 3]) for n in range(jumlah)]
    sekarang = datetime.now(UTC)
    with psycopg.connect(pg.url("acmt", "acmt_pemilik")) as conn:
        acmt_demo.pasang(conn)
        acmt_demo.beri_hak(conn, BACA)
        # the stack leaves alone what is filled: one small unit that has its months, and nothing due
        acmt_demo.isi(conn, baris=50, unit=acmt_demo.UNIT_DEMO[:1], riwayat=0)
        for n, kode in enumerate(KODE):
            acmt_demo.isi(conn, baris=baris, unit=semua[n :: len(KODE)], kelompok=(kode,), sekarang=sekarang, riwayat=0)
        conn.execute("DELETE FROM acmt_dasar.jadwal_hari_baca")
        for n, u in enumerate(semua):
            hari_ini = sekarang.astimezone(ZoneInfo(u.zona_waktu)).date()
            # most rows were read on the day that the demo says, which may be some days ago. Today is the last day
            conn.execute(
                "INSERT INTO acmt_dasar.jadwal_hari_baca (unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari) "
                "SELECT %(unitup)s, thblrek, %(kode)s, dibaca, %(hari)s - dibaca + 1 FROM (SELECT max(thblrek) "
                "AS thblrek, mode() WITHIN GROUP (ORDER BY (tgl_baca AT TIME ZONE %(zona)s)::date) AS dibaca "
                "FROM acmt_dasar.bacaan WHERE unitup = %(unitup)s) AS b",
                {"kode": KODE[n % len(KODE)], "zona": u.zona_waktu, "hari": hari_ini, "unitup": u.unitup},
            )
    kabar(f"ACMT: {jumlah} unit x {baris:,} baris, masing-masing satu kelompok jatuh tempo hari ini")
    return {u.unitup: u for u in semua}


@contextmanager
def _stack(rumah: Rumah, scheduler: int) -> Iterator[dict[str, str]]:
    bersih = {k: v for k, v in os.environ.items() if k in DITERUSKAN or not k.startswith(("AIRFLOW", "AP2T_"))}
    env = bersih | {
        "AP2T_HOME": str(rumah.folder),
        "AP2T_KELOMPOK": ",".join(KODE),
        "AP2T_JADWAL": "1",
        "AP2T_JADWAL_MENIT": "1",
        "AP2T_SCHEDULER": str(scheduler),
    }
    perintah = [sys.executable, "-m", "sandbox.stack"]
    try:
        kabar("menyalakan Airflow ...")
        naik = subprocess.run([*perintah, "up"], env=env, check=False, capture_output=True, text=True)
        if naik.returncode:
            raise RuntimeError(naik.stdout[-2000:] + naik.stderr[-2000:])
        yield json.loads((rumah.folder / "lingkungan.json").read_text())
    finally:
        subprocess.run([*perintah, "down"], env=env, check=False, capture_output=True)


class Sehari:
    """One day on a stack that has just come up, its schedule unpaused."""

    def __init__(self, rumah: Rumah, env: dict[str, str], unit: dict[str, UnitDemo], baris: int) -> None:
        self.rumah, self.env, self.unit, self.baris = rumah, env, unit, baris
        self.sandi: dict[str, str] = json.loads((rumah.airflow / "sandi.json").read_text())
        self.alamat = env["AIRFLOW__API__BASE_URL"]

    def jalan(self) -> Hari:
        """Wait for all gates, answer them, wait for the end, check."""
        awal = per_bagian(self.rumah)
        self._tunggu("gerbang menunggu", self._menunggu)
        sesi = self._sesi()
        mulai, gerbang = min(s["dibuka_pada"] for s in sesi), max(s["gerbang"] for s in sesi)
        sisa = UMUR_GERBANG - (datetime.now(UTC) - gerbang).total_seconds()
        time.sleep(max(0.0, sisa))
        with ThreadPoolExecutor(JAWAB_SEKALIGUS, thread_name_prefix="spv") as kolam:
            list(kolam.map(self._jawab, sesi))
        self._tunggu("sesi selesai", self._selesai)
        cpu = {n: c - awal.get(n, 0.0) for n, c in per_bagian(self.rumah).items()}
        akhir = self._sesi()
        self._periksa(akhir)
        return Hari(
            len(self.unit),
            (gerbang - mulai).total_seconds(),
            (max(s["diakhiri_pada"] for s in akhir) - min(s["dijawab"] for s in akhir)).total_seconds(),
            cpu,
            self._tugas(akhir),
            median((s["gerbang"] - s["dibuka_pada"]).total_seconds() for s in akhir),
            median((s["diakhiri_pada"] - s["dijawab"]).total_seconds() for s in akhir),
        )

    def _buku(self, sql: str) -> list[dict[str, Any]]:
        url = self.env["AP2T_LEDGER_OWNER_URL"]
        with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as conn:
            return conn.execute(sql).fetchall()

    def _sesi(self) -> list[dict[str, Any]]:
        return self._buku(
            "SELECT s.*, g.dibuka_pada AS gerbang, p.dijawab_pada AS dijawab FROM pengesahan.sesi s "
            "LEFT JOIN pengesahan.gerbang g ON g.sesi_id = s.id LEFT JOIN pengesahan.persetujuan p ON p.sesi_id = s.id"
        )

    def _menunggu(self) -> int:
        return len([s for s in self._sesi() if s["tahap"] == MENUNGGU and s["gerbang"]])

    def _selesai(self) -> int:
        return len([s for s in self._sesi() if s["status"] == SELESAI])

    def _tunggu(self, apa: str, hitung: Callable[[], int]) -> None:
        perlu, mulai, terakhir = len(self.unit), time.monotonic(), -1
        while (n := hitung()) < perlu:
            if n != terakhir and n * 10 // perlu != terakhir * 10 // perlu:
                kabar(f"{n} dari {perlu} {apa}")
            terakhir = n
            macet = [
                s["nomor"]
                for s in self._sesi()
                if s["status"] == "TERHENTI" or (s["diakhiri_pada"] and not s["gerbang"])
            ]
            assert not macet, f"sesi terhenti, atau selesai tanpa gerbang: {macet[:5]}"
            assert time.monotonic() - mulai < LAMA_MAKS, f"hanya {n} dari {perlu} {apa}"
            time.sleep(2)
        kabar(f"{n} dari {perlu} {apa}")

    def _jawab(self, sesi: dict[str, Any]) -> None:
        spv = f"spv{sesi['unitup']}"
        klien = KlienAirflow(self.alamat, spv, self.sandi[spv])
        klien.jawab(sesi["dag_id"], sesi["run_id"], "Sah/Setuju")

    def _periksa(self, sesi: list[dict[str, Any]]) -> None:
        """Every due kelompok has one run and one session; AP2T holds exactly what the rules let pass."""
        assert sorted(s["unitup"] for s in sesi) == sorted(self.unit)
        assert {(s["status"], s["tahap"]) for s in sesi} == {(SELESAI, "COCOK")}
        admin = KlienAirflow(self.alamat, "admin", self.sandi["admin"])
        runs = [
            run["dag_run_id"]
            for kode in KODE
            for mulai in range(0, len(self.unit), HALAMAN)
            for run in admin.minta(
                "GET", f"dags/pengesahan_hari_baca_{kode.lower()}/dagRuns?limit={HALAMAN}&offset={mulai}"
            )["dag_runs"]
        ]
        assert sorted(runs) == sorted(s["run_id"] for s in sesi)
        boleh = sum(k.hasil != "DITAHAN" for k in acmt_demo.kasus_khusus("71000", "A", baris=self.baris).values())
        lolos = self.baris - len(acmt_demo.kasus_khusus("71000", "A", baris=self.baris)) + boleh
        [posting] = self._buku("SELECT count(*) AS n FROM pengesahan.hasil WHERE status = 'POSTING'")
        assert posting["n"] == lolos * len(self.unit)

    def _tugas(self, sesi: list[dict[str, Any]]) -> dict[str, float]:
        """Mean seconds of each task, of a sample of the runs."""
        admin = KlienAirflow(self.alamat, "admin", self.sandi["admin"])
        lama: dict[str, list[float]] = {}
        for s in sesi[:: max(1, len(sesi) // 10)]:
            jalan = f"dags/{s['dag_id']}/dagRuns/{s['run_id']}/taskInstances?limit=100"
            for t in admin.minta("GET", jalan)["task_instances"]:
                if not t["task_id"].startswith("persetujuan") and t["state"] == "success":
                    lama.setdefault(t["task_id"].split(".")[-1], []).append(t["duration"] or 0.0)
        return {n: mean(d) for n, d in lama.items()}
