"""The main job on many machines' parts: what docker-compose.yaml sets, run without Docker, and a worker killed midway.

CeleryExecutor with two workers, Redis with a password, PostgreSQL, FAB; keys from files, as Compose gives them.
"""

from __future__ import annotations

import base64
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis

from tests.e2e.conftest import BARIS, StackUji, menyala, tunggu
from tests.e2e.run_uji import RunUji
from tests.kompos import setelan_airflow

pytestmark = pytest.mark.e2e
UNIT = "54110"
TERTANAM = (
    # what stands at an address of its own here: embedded database, queue, api-server
    "DATABASE__SQL_ALCHEMY_CONN_CMD",
    "CELERY__BROKER_URL_CMD",
    "API__HOST",
    "API__PORT",
    "API__BASE_URL",
    "CORE__EXECUTION_API_SERVER_URL",
)
PEKERJA = ("pekerja-1", "pekerja-2")


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


@pytest.fixture(scope="module")
def celery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackUji]:
    """Not for the whole session: it makes room for the stack that the other tests share. Small batches, one by one."""
    kecil = {
        "AP2T_DEMO_BARIS": str(BARIS),
        "AP2T_KELOMPOK": "A,B",
        "AP2T_UKURAN_BATCH": "20",
        "AP2T_BATCH_SERENTAK": "1",
    }
    with menyala("celery", **setelan(tmp_path_factory.mktemp("rahasia")), **kecil) as s:
        yield s


class Pekerja:
    """A Celery worker of the stack: its processes and its log."""

    def __init__(self, stack: StackUji, nama: str) -> None:
        self.pid: int = json.loads((stack.folder / "proses.json").read_text())[nama]["pid"]
        self._log = stack.folder / "log" / f"{nama}.log"

    @property
    def log(self) -> str:
        return self._log.read_text()

    @property
    def proses(self) -> set[int]:
        """Worker, its pool, and the tasks at work in it."""
        return {self.pid, *(p.pid for p in psutil.Process(self.pid).children(recursive=True))}

    def bunuh(self) -> None:
        """As if its machine lost power: nothing of it can say goodbye."""
        for pid in self.proses:
            os.kill(pid, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(self.pid)] if psutil.pid_exists(self.pid) else [], timeout=10)


class Antrean:
    """Celery's queue in Redis."""

    def __init__(self, stack: StackUji) -> None:
        self.klien = redis.Redis.from_url(stack.env["AIRFLOW__CELERY__BROKER_URL"])

    def minta_sandi(self) -> None:
        """It lets nobody in without the password."""
        letak = self.klien.get_connection_kwargs()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(host=letak["host"], port=letak["port"]).ping()

    def dipegang(self, run: RunUji, tugas: str) -> dict[str, Any]:
        """The message of a task that a worker holds and has not acknowledged."""
        for isi in self.klien.hvals("unacked"):
            pesan: dict[str, Any] = json.loads(isi)[0]
            badan = json.loads(base64.b64decode(pesan["body"]))[0][0]
            if json.loads(badan)["ti"]["run_id"] == run.id and json.loads(badan)["ti"]["task_id"] == tugas:
                return pesan
        raise AssertionError(f"tidak ada pesan {tugas} yang dipegang pekerja")

    def kirim_lagi(self, pesan: dict[str, Any]) -> None:
        """Deliver it once more, as Redis's transport does when the visibility timeout has passed."""
        self.klien.lpush("default", json.dumps(pesan))


def pekerja_dari(stack: StackUji, run: RunUji, tugas: str) -> tuple[Pekerja, Pekerja]:
    """The worker that executes a task, and the other one."""
    pid = int(run.klien.minta("GET", f"{run.jalan}/taskInstances/{tugas}")["pid"])
    semua = [Pekerja(stack, n) for n in PEKERJA]
    (ini,) = (p for p in semua if pid in p.proses)
    (lain,) = (p for p in semua if p is not ini)
    return ini, lain


def test_pekerja_mati_di_tengah_posting(celery: StackUji) -> None:
    """Invariants 2, 4: redelivered, killed midway, taken up elsewhere: every row once, the trail tells both starts."""
    korban, biasa = RunUji(celery, UNIT, "A"), RunUji(celery, UNIT, "B")
    antrean = Antrean(celery)
    antrean.minta_sandi()
    celery.sandbox("POST", "gangguan", json={"aksi": "latensi", "jenis": ["posting"], "detik": 2})
    korban.jawab()

    def tercatat() -> int:
        sql = "SELECT count(*) FROM pengesahan.batch WHERE sesi_id = %s AND status = 'DITERAPKAN'"
        return int(celery.buku(sql, korban.sesi["id"])[0][0])

    tunggu(lambda: tercatat() >= 2)
    ini, lain = pekerja_dari(celery, korban, "posting_ap2t")
    pesan = antrean.dipegang(korban, "posting_ap2t")
    antrean.kirim_lagi(pesan)
    tunggu(lambda: "Task already running elsewhere" in ini.log + lain.log)
    ini.bunuh()
    assert len(korban.terposting()) < len(korban.boleh())

    # the other worker goes on with everybody else's
    biasa.sah()
    korban.sampai(lambda t: t["posting_ap2t"] == "running" and korban.percobaan("posting_ap2t") == 2)
    celery.sandbox("DELETE", "gangguan")
    korban.berhasil()
    assert not celery.berulang()
    sql = "SELECT count(*) FROM pengesahan.jejak WHERE sesi_id = %s AND jenis = 'POSTING_MULAI'"
    assert celery.buku(sql, korban.sesi["id"]) == [(2,)]
    assert celery.buku(sql, biasa.sesi["id"]) == [(1,)]
    assert korban.persetujuan() == [(1, "SETUJU", korban.spv, [])]
    # what the dead one held comes a day later once more: that attempt is no more, nothing runs
    antrean.kirim_lagi(pesan)
    tunggu(lambda: f"[{pesan['headers']['id']}] raised unexpected: ServerResponseError" in lain.log)
    assert korban.percobaan("posting_ap2t") == 2
    assert not celery.berulang()
