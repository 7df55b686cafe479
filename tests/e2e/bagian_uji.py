"""A part of a running stack in the hands of a test: killed as when its machine loses power, and started again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import psutil
import requests

from sandbox import anak
from sandbox.rumah import Rumah
from tests.e2e.conftest import StackUji, tunggu
from tests.e2e.run_uji import RunUji

AIRFLOW = ("api-server", "scheduler", "dag-processor", "triggerer")
AP2T, POSTGRES, REDIS = "ap2t-sandbox", "postgres", "redis"


class Bagian:
    """One part, by its name in the stack: its processes and its log."""

    def __init__(self, stack: StackUji, nama: str) -> None:
        self.stack, self.nama = stack, nama
        self._rumah = Rumah(stack.folder)

    @property
    def log(self) -> str:
        return (self._rumah.log / f"{self.nama}.log").read_text()

    @property
    def pid(self) -> int:
        """Its first process."""
        if self.nama == POSTGRES:
            return int((self._rumah.pg / "postmaster.pid").read_text().split()[0])
        return int(self._rumah.proses[self.nama]["pid"])

    @property
    def proses(self) -> set[int]:
        """All of it, and what it started: a worker's pool, the tasks at work in it."""
        semua = {satu.pid for satu in anak._sesesi(self._rumah, self.nama)}
        if psutil.pid_exists(self.pid):
            semua |= {self.pid, *(satu.pid for satu in psutil.Process(self.pid).children(recursive=True))}
        return semua

    @property
    def hidup(self) -> bool:
        return anak.hidup(self._rumah, self.nama)

    def bunuh(self, *, semua: bool = True) -> None:
        """Kill it: nothing of it can say goodbye. Unless ``semua``, what it started lives on as long as it wants."""
        pertama = psutil.Process(self.pid)  # before the others: PostgreSQL would begin to recover by itself
        korban = [pertama]
        for pid in self.proses - {self.pid}:
            with suppress(psutil.NoSuchProcess):
                korban.append(psutil.Process(pid))
        for satu in korban if semua else [pertama]:
            anak._bunuh(satu)
        tunggu(lambda: not any(map(anak._berjalan, korban if semua else [pertama])))

    def nyalakan(self) -> None:
        """Start it again, where it stood."""
        self.stack.perintah("lagi", self.nama)
        if self.nama == POSTGRES:
            self.stack.sambung()


def kesehatan(stack: StackUji, bagian: str) -> str | None:
    """What Airflow says of a part to whoever looks after it."""
    isi = requests.get(f"{stack.alamat}/api/v2/monitor/health", timeout=30).json()
    return isi[bagian]["status"]  # type: ignore[no-any-return]


def dilayani(run: RunUji) -> bool:
    """Whether the page knows the run's SPV TE, who need not log in again."""
    kunci = {"Authorization": str(run.klien._sesi.headers["Authorization"])}
    jawaban = requests.get(f"{run.stack.alamat}/pengesahan/api/saya", headers=kunci, timeout=60)
    return bool(jawaban.json()["username"] == run.spv)


@contextmanager
def utuh(stack: StackUji) -> Iterator[None]:
    """Whatever a story kills runs again behind it, and nobody takes its port meanwhile."""
    ap2t = json.loads(stack.env["AIRFLOW_CONN_AP2T_DEFAULT"])["host"]
    for alamat in (stack.alamat, ap2t, stack.env.get("AIRFLOW__CELERY__BROKER_URL", "")):
        if porta := urlsplit(alamat).port:
            anak._tandai(porta)
    yield
    for nama in (*AIRFLOW, AP2T):
        if not Bagian(stack, nama).hidup:
            Bagian(stack, nama).nyalakan()
    stack.sandbox("DELETE", "gangguan")


def terkirim(run: RunUji) -> int:
    """How many batches of a run the ledger knows to have taken effect."""
    sql = "SELECT count(*) FROM pengesahan.batch WHERE sesi_id = %s AND status = 'DITERAPKAN'"
    return int(run.stack.buku(sql, run.sesi["id"])[0][0])


def lambat(stack: StackUji, detik: int) -> None:
    """Let AP2T take its time for each batch."""
    stack.sandbox("DELETE", "gangguan")
    stack.sandbox("POST", "gangguan", json={"aksi": "latensi", "jenis": ["posting"], "detik": detik})


def di_tengah_posting(run: RunUji) -> None:
    """Answer the gate, and wait until some of the run is posted and most is not."""
    lambat(run.stack, 2)
    run.jawab()
    tunggu(lambda: terkirim(run) >= 2)
    assert len(run.terposting()) < len(run.boleh())


def jejak(run: RunUji, jenis: str) -> int:
    """How often the trail tells of something in a run's session."""
    sql = "SELECT count(*) FROM pengesahan.jejak WHERE sesi_id = %s AND jenis = %s"
    return int(run.stack.buku(sql, run.sesi["id"], jenis)[0][0])


def tepat_sekali(*runs: RunUji) -> None:
    """Of AP2T and the audit: each run posted what was approved, once, by one answer; the trail is whole."""
    for run in runs:
        run.berhasil()
        assert run.persetujuan() == [(1, "SETUJU", run.spv, [])]
    stack = runs[0].stack
    assert not stack.berulang()
    assert not stack.sandbox("GET", "ringkasan")["pelanggaran"]
    stack.audit()
