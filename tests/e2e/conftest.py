"""One whole stack for all end-to-end tests: embedded PostgreSQL, sandbox and Airflow, as `make up` starts them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from sandbox.rest import KlienAirflow

BARIS = 200


class StackUji:
    """The running stack, and hands to look into its parts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env: dict[str, str] = json.loads((folder / "lingkungan.json").read_text())
        self.alamat = self.env["AIRFLOW__API__BASE_URL"]
        self.sandi: dict[str, str] = json.loads((folder / "airflow" / "sandi.json").read_text())
        self.rahasia: dict[str, str] = json.loads((folder / "rahasia.json").read_text())
        self._klien: dict[str, KlienAirflow] = {}

    def sebagai(self, username: str) -> KlienAirflow:
        """Airflow as that person."""
        if username not in self._klien:
            self._klien[username] = KlienAirflow(self.alamat, username, self.sandi[username])
        return self._klien[username]

    def sandbox(self, metode: str, jalan: str, **isi: Any) -> Any:
        """The sandbox's control endpoints."""
        alamat = json.loads(self.env["AIRFLOW_CONN_AP2T_DEFAULT"])["host"]
        jawaban = requests.request(
            metode,
            f"{alamat}/_sandbox/{jalan}",
            headers={"X-Kendali-Token": self.rahasia["kendali-sandbox"]},
            timeout=30,
            **isi,
        )
        jawaban.raise_for_status()
        return jawaban.json() if jawaban.content else None

    def baris_ap2t(self, unitup: str, thblrek: str, kode: str) -> dict[str, dict[str, Any]]:
        """Every row of a kelompok as AP2T holds it, by idpel."""
        param = {"unitup": unitup, "thblrek": thblrek, "hari_baca": kode}
        isi = self.sandbox("GET", "baris", params=param)
        return {b["idpel"]: b for b in (isi["baris"] if isinstance(isi, dict) else isi)}

    def buku(self, sql: str, *nilai: Any) -> list[tuple[Any, ...]]:
        """Read the ledger (as its owner)."""
        with psycopg.connect(self.env["AP2T_LEDGER_OWNER_URL"]) as conn:
            return conn.execute(sql, nilai).fetchall()  # type: ignore[call-overload,no-any-return]

    def acmt(self, sql: str, *nilai: Any) -> None:
        """Change the demo ACMT (as its owner)."""
        url = self.env["AP2T_LEDGER_OWNER_URL"].replace("buku_pemilik@/buku", "acmt_pemilik@/acmt")
        with psycopg.connect(url) as conn:
            conn.execute(sql, nilai)  # type: ignore[call-overload]

    def sesi(self, run_id: str) -> dict[str, Any]:
        """The session of a run."""
        with psycopg.connect(self.env["AP2T_LEDGER_OWNER_URL"], row_factory=psycopg.rows.dict_row) as conn:
            baris = conn.execute("SELECT * FROM pengesahan.sesi WHERE run_id = %s", [run_id]).fetchone()
        assert baris is not None, f"run {run_id} tidak punya sesi"
        return baris

    def log(self, username: str, dag_id: str, run_id: str, task_id: str, percobaan: int = 1) -> str:
        return self.sebagai(username).log(dag_id, run_id, task_id, percobaan)

    def ap2t(self, *argumen: str) -> subprocess.CompletedProcess[str]:
        """Run the ``ap2t`` command against the stack."""
        return subprocess.run(
            [sys.executable, "-m", "ap2t.cli", *argumen],
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session")
def stack() -> Iterator[StackUji]:
    folder = Path(tempfile.mkdtemp(prefix="ap2t-e2e-", dir="/tmp"))
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "AP2T_"))},
        "AP2T_HOME": str(folder),
        "AP2T_DEMO_BARIS": str(BARIS),
        "AP2T_JEDA_TENGOK": "2",
    }
    perintah = [sys.executable, "-m", "sandbox.stack"]
    try:
        naik = subprocess.run([*perintah, "up"], env=env, capture_output=True, text=True, check=False, timeout=420)
        assert naik.returncode == 0, naik.stdout[-3000:] + naik.stderr[-3000:]
        assert naik.stdout.strip().splitlines()[-1].startswith("URL: http://")
        yield StackUji(folder)
    finally:
        subprocess.run([*perintah, "down"], env=env, check=False, timeout=120)
        artefak = os.environ.get("AP2T_ARTEFAK")
        if artefak:
            shutil.copytree(folder / "log", Path(artefak) / "log", dirs_exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
