"""A whole run through a running Airflow without the human wait, against a DAG of the same shape that does nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from sandbox.acmt_demo import UNIT_DEMO
from sandbox.postgres import PostgresTertanam
from sandbox.rest import KlienAirflow
from sandbox.rumah import AKAR, Rumah
from tests.benchmarks import dag_kosong_berkas, telanjang
from tests.benchmarks.alat import Hasil, Ukuran, deret, kabar, nisbah, selang_seling
from tests.benchmarks.cpu import per_bagian
from tests.benchmarks.lapangan import folder_buangan

BATAS = 1.1
BATAS_CPU = 3.0
TENANG = 20.0
"""Seconds for which a stack at rest is looked at."""
BARIS = 2000
UNIT = UNIT_DEMO[0].unitup
SPV = f"spv{UNIT}"


def _lama(klien: KlienAirflow, tugas: dict[str, list[float]], dag_id: str, **conf: Any) -> float:
    """Run a DAG once, answering its gate; return seconds from start to gate and from answer to end, together."""
    run = klien.mulai(dag_id, **conf)
    klien.tunggu_gerbang(dag_id, run)
    klien.jawab(dag_id, run, "Sah/Setuju")
    akhir = klien.tunggu_selesai(dag_id, run)
    assert akhir == "success", f"{dag_id} {run}: {akhir}"
    jalan = klien.minta("GET", f"dags/{dag_id}/dagRuns/{run}")
    gerbang = klien.gerbang(dag_id, run)
    mulai, dibuka, dijawab, selesai = (
        datetime.fromisoformat(t)
        for t in (jalan["queued_at"], gerbang["created_at"], gerbang["responded_at"], jalan["end_date"])
    )
    for t in klien.minta("GET", f"dags/{dag_id}/dagRuns/{run}/taskInstances?limit=100")["task_instances"]:
        if not t["task_id"].startswith("persetujuan"):  # a gate's task lasts as long as its person waits
            tugas.setdefault(t["task_id"].split(".")[-1], []).append(t["duration"] or 0.0)
    depan, belakang = (dibuka - mulai).total_seconds(), (selesai - dijawab).total_seconds()
    kabar(f"{dag_id}: sampai gerbang {depan:.2f} s, sesudah jawaban {belakang:.2f} s")
    return depan + belakang


def _naik(folder: Path) -> None:
    dags = folder / "dags"
    dags.mkdir()
    for berkas in (*(AKAR / "dags").glob("*.py"), dag_kosong_berkas()):
        shutil.copy(berkas, dags)
    kabar("menyalakan Airflow ...")
    naik = subprocess.run(
        [sys.executable, "-m", "sandbox.stack", "up"], env=_env(folder), check=False, capture_output=True, text=True
    )
    if naik.returncode:
        raise RuntimeError(naik.stdout[-2000:] + naik.stderr[-2000:])


def _env(folder: Path) -> dict[str, str]:
    bersih = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "AP2T_"))}
    return bersih | {
        "AP2T_HOME": str(folder / "rumah"),
        "AP2T_DEMO_BARIS": str(BARIS),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
    }


def ukur(ukuran: Ukuran) -> list[Hasil]:
    """Alternate the empty DAG and ours, a kelompok of its own each time. What the stack takes at rest is no run's."""
    kita: dict[str, list[float]] = {}
    kosong: dict[str, list[float]] = {}
    cpu: dict[bool, list[float]] = {True: [], False: []}
    with folder_buangan("ap2t-bench-run-") as folder:
        try:
            _naik(folder)
            rumah = Rumah(folder / "rumah")
            klien = KlienAirflow(
                rumah.lingkungan["AIRFLOW__API__BASE_URL"],
                SPV,
                json.loads((rumah.airflow / "sandi.json").read_text())[SPV],
            )
            _lama(klien, {}, "kosong", unitup=UNIT)  # the first run of a fresh Airflow pays for its imports
            awal = _cpu(rumah)
            time.sleep(TENANG)
            diam = (_cpu(rumah) - awal) / TENANG
            kabar(f"diam: {diam:.2f} inti")

            def satu(milik: bool, tugas: dict[str, list[float]], dag_id: str) -> float:
                awal, mulai = _cpu(rumah), time.monotonic()
                lama = _lama(klien, tugas, dag_id, unitup=UNIT)
                time.sleep(2.0)  # what a run leaves to be done
                cpu[milik].append(_cpu(rumah) - awal - diam * (time.monotonic() - mulai))
                kabar(f"{dag_id}: {cpu[milik][-1]:.2f} detik-inti")
                return lama

            b, a = selang_seling(
                1 if ukuran.cepat else 4,
                lambda _: satu(False, kosong, "kosong"),
                lambda n: satu(True, kita, f"pengesahan_hari_baca_{chr(97 + n)}"),
            )
            acmt = PostgresTertanam(rumah.pg).url("acmt", "acmt_pemilik")
            baca = median(telanjang.baca_riwayat(acmt, UNIT, kode) for kode in "ABC")
        finally:
            turun = [sys.executable, "-m", "sandbox.stack", "down"]
            subprocess.run(turun, env=_env(folder), check=False, capture_output=True)
    rasio, inti = nisbah(a, b), median(cpu[True])
    return [
        Hasil(
            f"satu run utuh {BARIS:,} baris tanpa menunggu orang, terhadap DAG sebentuk yang kosong",
            f"{rasio:.2f} x",
            f"<= {BATAS}",
            rasio <= BATAS,
            (
                f"kita {deret(a)}; kosong {deret(b)}",
                f"lantai: DAG kosong, ditambah membaca saja bacaan dan 24 bulannya: {1 + baca / median(b):.2f} x",
                "detik per tugas lebih dari tugas kosong: "
                + ", ".join(f"{n} {median(v) - median(kosong[n]):+.2f}" for n, v in kita.items()),
            ),
            dulu="1.11 x",
        ),
        Hasil(
            f"CPU satu run {BARIS:,} baris, Airflow dan semuanya, di atas keadaan diam",
            f"{inti:.1f} s",
            f"<= {BATAS_CPU} s",
            inti <= BATAS_CPU,
            (f"kita {deret(cpu[True])}; DAG kosong {deret(cpu[False])}; diam {diam:.2f} inti",),
            dulu="5.2 s",
        ),
    ]


def _cpu(rumah: Rumah) -> float:
    return sum(per_bagian(rumah).values())
