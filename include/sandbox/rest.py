"""Airflow's REST API as a person uses it: log in, start a run, watch it, answer its gate."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import requests

AKHIR = {"success", "failed"}
UMUR_GERBANG = 10.0
"""Seconds a gate should have stood before a script answers it: a quicker answer can be lost in Airflow's scheduler."""
SEGAR = 60.0
"""Seconds since its task was last begun or queued within which a gate may have opened just now."""


class KlienAirflow:
    """One logged-in user. ``jeda``: seconds between two looks where something is waited for.

    :raises requests.HTTPError: Airflow refuses; its text is in the message.
    """

    jeda = 0.5

    def __init__(self, alamat: str, username: str, password: str) -> None:
        self.alamat = alamat.rstrip("/")
        self.username = username
        self._terlihat: dict[tuple[str, str], dict[str, str | None]] = {}
        self._sesi = requests.Session()
        jawaban = self._sesi.post(
            f"{self.alamat}/auth/token", json={"username": username, "password": password}, timeout=30
        )
        self._periksa(jawaban)
        self._sesi.headers["Authorization"] = f"Bearer {jawaban.json()['access_token']}"

    @staticmethod
    def _periksa(jawaban: requests.Response) -> None:
        if not jawaban.ok:
            raise requests.HTTPError(f"{jawaban.status_code}: {jawaban.text[:500]}", response=jawaban)

    def minta(self, metode: str, jalan: str, **isi: Any) -> Any:
        """Send one request under ``/api/v2`` and return its JSON."""
        jawaban = self._sesi.request(metode, f"{self.alamat}/api/v2/{jalan}", timeout=60, **isi)
        self._periksa(jawaban)
        return jawaban.json() if jawaban.content else None

    def mulai(self, dag_id: str, **conf: Any) -> str:
        """Start a run with the form's fields, and return its run_id."""
        return str(
            self.minta("POST", f"dags/{dag_id}/dagRuns", json={"logical_date": None, "conf": conf})["dag_run_id"]
        )

    def keadaan(self, dag_id: str, run_id: str) -> str:
        """Return the run's state."""
        return str(self.minta("GET", f"dags/{dag_id}/dagRuns/{run_id}")["state"])

    def tugas(self, dag_id: str, run_id: str) -> dict[str, str | None]:
        """Return the state of each task, in the DAG's order."""
        isi = self.minta("GET", f"dags/{dag_id}/dagRuns/{run_id}/taskInstances?limit=100")
        return {tugas["task_id"]: tugas["state"] for tugas in isi["task_instances"]}

    def gerbang(self, dag_id: str, run_id: str, task_id: str = "persetujuan") -> dict[str, Any]:
        """Return the gate: subject, body, options, who is asked."""
        isi: dict[str, Any] = self.minta(
            "GET", f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/-1/hitlDetails"
        )
        return isi

    def jawab(
        self, dag_id: str, run_id: str, pilihan: str, *, task_id: str = "persetujuan", **isian: Any
    ) -> dict[str, Any]:
        """Answer the gate, as a click on Airflow's page does."""
        isi: dict[str, Any] = self.minta(
            "PATCH",
            f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/-1/hitlDetails",
            json={"chosen_options": [pilihan], "params_input": isian},
        )
        return isi

    def xcom(self, dag_id: str, run_id: str, task_id: str) -> Any:
        """Return what a task returned."""
        jalan = f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/return_value"
        return self.minta("GET", jalan)["value"]

    def tunggu(
        self,
        dag_id: str,
        run_id: str,
        sampai: Callable[[dict[str, str | None]], bool],
        *,
        batas: float = 400,
        kabar: Callable[[str], None] = lambda _: None,
    ) -> str:
        """Wait until ``sampai(tasks)`` or the run has ended, and return the run's state.

        :raises TimeoutError: with the state of every task.
        """
        akhir = time.monotonic() + batas
        lama = self._terlihat.setdefault((dag_id, run_id), {})
        while True:
            tugas = self.tugas(dag_id, run_id)
            for nama, keadaan in tugas.items():
                if keadaan != lama.get(nama) and keadaan not in (None, "scheduled", "queued"):
                    kabar(f"{nama}: {keadaan}")
            lama.update(tugas)
            keadaan_run = self.keadaan(dag_id, run_id)
            if sampai(tugas) or keadaan_run in AKHIR:
                return keadaan_run
            if time.monotonic() > akhir:
                raise TimeoutError(f"{dag_id} {run_id} belum sampai setelah {batas:.0f} detik: {tugas}")
            time.sleep(self.jeda)

    def tunggu_gerbang(
        self,
        dag_id: str,
        run_id: str,
        task_id: str = "persetujuan",
        *,
        batas: float = 400,
        kabar: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Wait until the gate stands open and is old enough to be answered safely.

        :raises RuntimeError: the run ended without opening it.
        """
        keadaan = self.tunggu(
            dag_id, run_id, lambda tugas: tugas.get(task_id) == "awaiting_input", batas=batas, kabar=kabar
        )
        if keadaan in AKHIR:
            raise RuntimeError(f"{dag_id} {run_id} berakhir ({keadaan}) sebelum gerbang {task_id} terbuka")
        # Airflow says nowhere when it opened: created_at is that of its first opening, and the task's start that of its
        # try, which may have waited for something else before
        tugas = self.minta("GET", f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}")
        dimulai = max(datetime.fromisoformat(tugas[saat]) for saat in ("start_date", "queued_when") if tugas[saat])
        if (datetime.now(UTC) - dimulai).total_seconds() < SEGAR:
            time.sleep(UMUR_GERBANG)

    def tunggu_selesai(
        self, dag_id: str, run_id: str, *, batas: float = 400, kabar: Callable[[str], None] = lambda _: None
    ) -> str:
        """Wait until the run has ended, and return its state."""
        return self.tunggu(dag_id, run_id, lambda _: False, batas=batas, kabar=kabar)
