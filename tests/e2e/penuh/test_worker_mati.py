"""The main job on Celery's workers, and one of them killed midway. The last module: afterwards one worker is left."""

from __future__ import annotations

import base64
import json
import os
import signal
from typing import Any

import psutil
import pytest
import redis

from tests.e2e.conftest import StackUji, tunggu
from tests.e2e.run_uji import RunUji

pytestmark = pytest.mark.e2e
UNIT = "54110"
PEKERJA = ("pekerja-1", "pekerja-2")


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


def test_pekerja_mati_di_tengah_posting(penuh: StackUji) -> None:
    """Invariants 2, 4: redelivered, killed midway, taken up elsewhere: every row once, the trail tells both starts."""
    korban, biasa = RunUji(penuh, UNIT, "D"), RunUji(penuh, UNIT, "E")
    antrean = Antrean(penuh)
    antrean.minta_sandi()
    penuh.sandbox("POST", "gangguan", json={"aksi": "latensi", "jenis": ["posting"], "detik": 2})
    korban.jawab()

    def tercatat() -> int:
        sql = "SELECT count(*) FROM pengesahan.batch WHERE sesi_id = %s AND status = 'DITERAPKAN'"
        return int(penuh.buku(sql, korban.sesi["id"])[0][0])

    tunggu(lambda: tercatat() >= 2)
    ini, lain = pekerja_dari(penuh, korban, "posting_ap2t")
    pesan = antrean.dipegang(korban, "posting_ap2t")
    antrean.kirim_lagi(pesan)
    tunggu(lambda: "Task already running elsewhere" in ini.log + lain.log)
    ini.bunuh()
    assert len(korban.terposting()) < len(korban.boleh())

    # the other worker goes on with everybody else's
    biasa.sah()
    korban.sampai(lambda t: t["posting_ap2t"] == "running" and korban.percobaan("posting_ap2t") == 2)
    penuh.sandbox("DELETE", "gangguan")
    korban.berhasil()
    assert not penuh.berulang()
    sql = "SELECT count(*) FROM pengesahan.jejak WHERE sesi_id = %s AND jenis = 'POSTING_MULAI'"
    assert penuh.buku(sql, korban.sesi["id"]) == [(2,)]
    assert penuh.buku(sql, biasa.sesi["id"]) == [(1,)]
    assert korban.persetujuan() == [(1, "SETUJU", korban.spv, [])]
    # what the dead one held comes a day later once more: that attempt is no more, nothing runs
    antrean.kirim_lagi(pesan)
    tunggu(lambda: f"[{pesan['headers']['id']}] raised unexpected: ServerResponseError" in lain.log)
    assert korban.percobaan("posting_ap2t") == 2
    assert not penuh.berulang()
