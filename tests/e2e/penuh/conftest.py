"""A second stack, as a deployment runs it: what docker-compose.yaml sets, without Docker.

CeleryExecutor with two workers, Redis with a password, PostgreSQL, FAB with the project's roles, keys from files; below
a sub-path; a mail server's address. Each module has kelompok of its own in it.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import BARIS, SANTAI, Bersama, StackUji, menyala, mulai_bersama
from tests.kompos import setelan_airflow

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


@pytest.fixture(scope="package")
def penuh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackUji]:
    """Not for the whole session: it makes room for the stack that the other tests share. Small batches, one by one."""
    sendiri = {
        **SANTAI,
        "AP2T_DEMO_BARIS": str(BARIS),
        "AP2T_KELOMPOK": "A,B,C,D,E,F,G,H,I,J",
        "AP2T_SUBJALUR": "/airflow",
        "AP2T_JADWAL_MENIT": "1",
        "AP2T_UKURAN_BATCH": "20",
        "AP2T_BATCH_SERENTAK": "1",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",  # a dead worker's task is waited for
        "AIRFLOW_CONN_SMTP_DEFAULT": json.dumps(koneksi_surel(porta_bebas())),  # tests start a server there, or do not
    }
    with menyala("penuh", **{**setelan(tmp_path_factory.mktemp("rahasia")), **sendiri}) as s:
        yield s


@pytest.fixture(scope="package")
def bersama(request: pytest.FixtureRequest, penuh: StackUji) -> Iterator[Bersama]:
    """What the tests that share this stack have begun."""
    yield from mulai_bersama(request.session.items, Path(__file__).parent, penuh)
