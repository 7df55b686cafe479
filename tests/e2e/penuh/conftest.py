"""A second stack, as a deployment runs it: what docker-compose.yaml sets, without Docker, and the product as a wheel.

CeleryExecutor with two workers, Redis with a password, PostgreSQL, FAB with the project's roles, keys from files; below
a sub-path; a mail server's address. Nothing of the checkout but its sandbox is on the path. Each module has kelompok of
its own in it.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import AKAR, BARIS, SANTAI, Bersama, StackUji, menyala, mulai_bersama
from tests.kompos import setelan_airflow
from tests.perintah import keluar

sys.path.append(str(Path(__file__).resolve().parents[2] / "integration"))
from pemberitahuan_fixtures import koneksi_surel, porta_bebas

TERTANAM = (
    # what stands at an address of its own here: embedded database, queue, api-server
    "DATABASE__SQL_ALCHEMY_CONN_CMD",
    "CELERY__BROKER_URL_CMD",
    "API__HOST",
    "API__PORT",
    "API__BASE_URL",
    "CORE__EXECUTION_API_SERVER_URL",
)


def setelan(rahasia: Path) -> dict[str, str]:
    """The scheduler's settings in docker-compose.yaml, its secrets in a folder here."""
    semua = setelan_airflow("scheduler")
    for nama in TERTANAM:
        del semua[f"AIRFLOW__{nama}"]
    kunci = base64.urlsafe_b64encode(os.urandom(32)).decode()
    for nama, isi in (
        ("kunci_api", os.urandom(32).hex()),
        ("kunci_fernet", kunci),
        ("kunci_jwt", os.urandom(32).hex()),
    ):
        (rahasia / nama).write_text(f"{isi}\n")
    (rahasia / "koneksi").write_text("{}")
    return {k: v.replace("/run/secrets", str(rahasia)) for k, v in semua.items()}


def _tetangga(asal: Path, pustaka: Path) -> Iterator[Path]:
    """Yield what is installed here, except the project itself and what leads Python to the checkout."""
    for isi in asal.iterdir():
        if "ap2t_pengesahan" not in isi.name and isi.suffix != ".pth" and not (pustaka / isi.name).exists():
            yield isi


@pytest.fixture(scope="package")
def dipasang(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a new environment: this one's packages and the wheel, as anybody installs it; the DAGs beside."""
    folder = tmp_path_factory.mktemp("dipasang")
    uv = [sys.executable, "-m", "uv"]
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    bangun = [*uv, "build", "-q", "--wheel", "--no-build-isolation", "--offline", "--python", sys.executable]
    keluar(subprocess.run([*bangun, "-o", folder, AKAR], env=env, check=False, capture_output=True, text=True))
    (roda,) = folder.glob("*.whl")
    keluar(subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=False))
    (pustaka,) = (folder / "venv" / "lib").glob("python*/site-packages")
    asal = Path(sysconfig.get_path("purelib"))
    for isi in _tetangga(asal, pustaka):
        (pustaka / isi.name).symlink_to(isi)
    terkompilasi = Path(f"{sys.pycache_prefix or folder}{pustaka}")  # shared too: nothing is compiled a second time
    terkompilasi.parent.mkdir(parents=True, exist_ok=True)  # a folder of this number may have been here before
    terkompilasi.unlink(missing_ok=True)
    terkompilasi.symlink_to(f"{sys.pycache_prefix or folder}{asal}")
    pasang = [*uv, "pip", "install", "-q", "--offline", "--no-deps", "--python", folder / "venv/bin/python", roda]
    keluar(subprocess.run(pasang, env=env, check=False, capture_output=True, text=True))
    shutil.copytree(AKAR / "dags", folder / "dags", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "plugins").mkdir()
    yield folder
    terkompilasi.unlink()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def penuh(dipasang: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackUji]:
    """Not for the whole session: it makes room for the stack that the other tests share. Small batches, one by one."""
    sendiri = {
        **SANTAI,
        "PYTHONPATH": str(AKAR / "include"),  # the sandbox, which plays ACMT and AP2T
        "AIRFLOW__CORE__DAGS_FOLDER": str(dipasang / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(dipasang / "plugins"),
        "AP2T_DEMO_BARIS": str(BARIS),
        "AP2T_KELOMPOK": "A,B,C,D,E,F,G,H,I,J,K,L",
        "AP2T_SUBJALUR": "/airflow",
        "AP2T_JADWAL_MENIT": "1",
        "AP2T_UKURAN_BATCH": "20",
        "AP2T_BATCH_SERENTAK": "1",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",  # a dead worker's task is waited for
        "AIRFLOW_CONN_SMTP_DEFAULT": json.dumps(koneksi_surel(porta_bebas())),  # tests start a server there, or do not
    }
    semua = {**setelan(tmp_path_factory.mktemp("rahasia")), **sendiri}
    with menyala("penuh", str(dipasang / "venv/bin/python"), **semua) as s:
        yield s


@pytest.fixture(scope="package")
def bersama(request: pytest.FixtureRequest, penuh: StackUji) -> Iterator[Bersama]:
    """What the tests that share this stack have begun."""
    yield from mulai_bersama(request.session.items, Path(__file__).parent, penuh)
