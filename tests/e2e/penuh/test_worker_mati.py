"""The main job on Celery's workers, and one of them killed midway. The last module: afterwards one worker is left."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import redis

from tests.e2e.bagian_uji import Bagian, di_tengah_posting, jejak
from tests.e2e.conftest import StackUji, disiapkan, tunggu
from tests.e2e.run_uji import RunUji

pytestmark = pytest.mark.e2e
UNIT = "54110"
PEKERJA = ("pekerja-1", "pekerja-2")


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


def pekerja_dari(stack: StackUji, run: RunUji, tugas: str) -> tuple[Bagian, Bagian]:
    """The worker that executes a task, and the other one."""
    pid = int(run.klien.minta("GET", f"{run.jalan}/taskInstances/{tugas}")["pid"])
    semua = [Bagian(stack, n) for n in PEKERJA]
    (ini,) = (p for p in semua if pid in p.proses)
    (lain,) = (p for p in semua if p is not ini)
    return ini, lain


def menunggu(stack: StackUji) -> tuple[RunUji, RunUji]:
    """Two runs that stand at their gates, old enough to be answered."""
    korban, biasa = RunUji(stack, UNIT, "D"), RunUji(stack, UNIT, "E")
    return korban.matang(), biasa.matang()


@pytest.mark.usefixtures("sendiri")
@disiapkan(menunggu)
def test_pekerja_mati_di_tengah_posting(penuh: StackUji, siap: tuple[RunUji, RunUji]) -> None:
    """Invariants 2, 4: redelivered, killed midway, taken up elsewhere: every row once, the trail tells both starts."""
    korban, biasa = siap
    antrean = Antrean(penuh)
    antrean.minta_sandi()
    di_tengah_posting(korban)
    ini, lain = pekerja_dari(penuh, korban, "posting_ap2t")
    pesan = antrean.dipegang(korban, "posting_ap2t")
    antrean.kirim_lagi(pesan)
    tunggu(lambda: "Task already running elsewhere" in ini.log + lain.log)
    ini.bunuh()
    assert len(korban.terposting()) < len(korban.boleh())

    # the other worker goes on with everybody else's
    biasa.sah()
    korban.sampai(lambda t: t["posting_ap2t"] == "running" and korban.percobaan("posting_ap2t") > 1)
    percobaan = korban.percobaan("posting_ap2t")
    penuh.sandbox("DELETE", "gangguan")
    korban.berhasil()
    assert not penuh.berulang()
    assert [jejak(run, "POSTING_MULAI") for run in (korban, biasa)] == [percobaan, 1]
    assert korban.persetujuan() == [(1, "SETUJU", korban.spv, [])]
    # what the dead one held comes a day later once more: that attempt is no more, nothing runs
    antrean.kirim_lagi(pesan)
    tunggu(lambda: f"[{pesan['headers']['id']}] raised unexpected: ServerResponseError" in lain.log)
    assert korban.percobaan("posting_ap2t") == percobaan
    assert not penuh.berulang()
