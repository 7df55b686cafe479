"""Parsing all DAG files, against one DAG of the same shape; each time in a fresh process, through Airflow's DagBag."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from sandbox.rumah import AKAR
from tests.benchmarks import dag_kosong_berkas
from tests.benchmarks.alat import Hasil, Ukuran, deret, kabar, nisbah, selang_seling
from tests.benchmarks.lapangan import folder_buangan

BATAS = 1.3
URAI = """
import json, sys, time
sambung = []
sys.addaudithook(lambda apa, isi: sambung.append(apa) if apa in ("socket.connect", "subprocess.Popen") else None)
mulai = time.perf_counter()
from airflow.dag_processing.dagbag import DagBag
siap = time.perf_counter()
del sambung[:]
tas = DagBag(sys.argv[1], collect_dags=False)
tas.collect_dags()
assert not tas.import_errors, tas.import_errors
print(json.dumps({"seluruh": time.perf_counter() - mulai, "tas": time.perf_counter() - siap, "dag": len(tas.dags),
                  "sambung": sambung}))
"""


def _urai(folder: Path, rumah: Path) -> dict[str, float]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "AP2T_"))}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # as the stack does, and any deployment
    env |= {
        "AIRFLOW_HOME": str(rumah),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(AKAR / "plugins"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder),
    }
    anak = subprocess.run(
        [sys.executable, "-c", URAI, str(folder)], env=env, check=False, capture_output=True, text=True
    )
    if anak.returncode:
        raise RuntimeError(anak.stderr[-2000:])
    hasil: dict[str, float] = json.loads(anak.stdout.splitlines()[-1])
    return hasil


def ukur(ukuran: Ukuran) -> list[Hasil]:
    """Alternate our dags folder and a folder with the one empty DAG."""
    tas: dict[str, list[float]] = {"kita": [], "satu": []}
    with folder_buangan("ap2t-bench-urai-") as folder:
        satu = folder / "dags"
        satu.mkdir()
        shutil.copy(dag_kosong_berkas(), satu / "dag_kosong.py")
        _urai(satu, folder)  # Airflow writes its configuration at the first start

        def ukur_satu(nama: str, tempat: Path) -> float:
            h = _urai(tempat, folder)
            tas[nama].append(h["tas"])
            kabar(f"{nama}: {h['dag']} DAG, {h['seluruh']:.2f} s, di antaranya DagBag {h['tas']:.2f} s")
            assert not h["sambung"], f"mengurai DAG membuka sambungan atau proses: {h['sambung']}"
            return h["seluruh"]

        a, b = selang_seling(
            3 if ukuran.cepat else 9, lambda _: ukur_satu("kita", AKAR / "dags"), lambda _: ukur_satu("satu", satu)
        )
    rasio = nisbah(a, b)
    return [
        Hasil(
            "mengurai semua berkas DAG, terhadap satu DAG sebentuk (proses baru)",
            f"{rasio:.2f} x",
            f"<= {BATAS}",
            rasio <= BATAS,
            (
                f"semua {deret(a)}; satu {deret(b)}",
                f"DagBag saja, Airflow sudah terimpor: {nisbah(tas['kita'], tas['satu']):.2f} x "
                f"({deret(tas['kita'])} dan {deret(tas['satu'])})",
                "tidak ada sambungan jaringan dan tidak ada proses yang dibuka selagi mengurai",
            ),
        )
    ]
