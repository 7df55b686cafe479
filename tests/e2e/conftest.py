"""One whole stack for all end-to-end tests: embedded PostgreSQL, sandbox and Airflow, as `make up` starts them.

Waiting is most of what these tests do: those marked :func:`serentak` run side by side.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from sandbox.acmt_demo import kasus_khusus
from sandbox.rest import KlienAirflow
from tests.contoh import contoh_dag
from tests.perintah import keluar

pytest.register_assert_rewrite("tests.e2e.run_uji", "tests.e2e.halaman_uji", "tests.e2e.bagian_uji")
AKAR = Path(__file__).resolve().parents[2]
BARIS = 200
SANTAI = {"AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.4"}
"""A scheduler at rest looks around seldom: every 0.1 s it would take a sixth of a core."""


def dag(kode: str) -> str:
    """Name the DAG of a kelompok."""
    return f"pengesahan_hari_baca_{kode.lower()}"


def ditahan(unitup: str, kode: str) -> set[str]:
    """Idpel that the rules hold back in a demo kelompok."""
    return {i for i, k in kasus_khusus(unitup, kode, baris=BARIS).items() if k.hasil == "DITAHAN"}


def tunggu(syarat: Callable[[], bool], batas: float = 60) -> None:
    """Wait until something holds."""
    akhir = time.monotonic() + batas
    while not syarat():
        assert time.monotonic() < akhir, "terlalu lama"
        time.sleep(0.3)


def dua_pengesah(stack: StackUji, unitup: str) -> None:
    """Ask for two approvers in a unit from now on."""
    pola = ("--pola", "LENGKAP", "--pengesah", "2", "--alasan", "Kesepakatan unit uji")
    hasil = stack.ap2t("pola", "atur", "--unitup", unitup, *pola)
    keluar(hasil)


def lengkapi(stack: StackUji, unitup: str, kode: str) -> None:
    """Let ACMT's people verify and send all of a kelompok."""
    vendor = f"vendor{unitup}"
    stack.acmt(
        "UPDATE acmt_dasar.bacaan SET verif_pengawas_oleh = %s, verif_pengawas_pada = greatest(tgl_baca, diubah_pada, "
        "verif_pengawas_pada), verif_vendor_oleh = %s, verif_vendor_pada = greatest(tgl_baca, diubah_pada, "
        "verif_vendor_pada), kirim_oleh = %s, kirim_pada = greatest(tgl_baca, diubah_pada, kirim_pada) "
        "WHERE unitup = %s AND hari_baca = %s",
        *(f"pengawas{unitup}", vendor, vendor, unitup, kode),
    )


def atur_pola(stack: StackUji, unitup: str, **isian: Any) -> None:
    """Change some of a unit's pattern; what is not named stays what it is."""
    program = (
        "import json, sys\n"
        "from ap2t.ledger.skema import mesin_pemilik\n"
        "from ap2t.kelola.pola import atur\n"
        "from ap2t.proses.layanan import Layanan\n"
        "with Layanan() as layanan:\n"
        "    isian = json.loads(sys.argv[2])\n"
        "    assert atur(layanan, mesin_pemilik(), sys.argv[1], isian, 'uji', 'pola untuk uji')\n"
    )
    keluar(stack.jalankan("-c", program, unitup, json.dumps(isian)))


class KlienUji(KlienAirflow):
    """A logged-in user whose waiting costs the api-server nothing: states are read in Airflow's database.

    Ten tests that ask over REST twice a second take more of a machine than the runs that they wait for.
    """

    jeda = 0.3

    def __init__(self, stack: StackUji, username: str) -> None:
        super().__init__(stack.alamat, username, stack.sandi[username])
        self._stack = stack

    def keadaan(self, dag_id: str, run_id: str) -> str:
        sql = "SELECT state FROM dag_run WHERE dag_id = %s AND run_id = %s"
        ada = self._stack.meta(sql, dag_id, run_id)
        return str(ada[0][0]) if ada else super().keadaan(dag_id, run_id)

    def tugas(self, dag_id: str, run_id: str) -> dict[str, str | None]:
        sql = "SELECT task_id, state FROM task_instance WHERE dag_id = %s AND run_id = %s"
        return dict(self._stack.meta(sql, dag_id, run_id))

    def log(self, dag_id: str, run_id: str, task_id: str, percobaan: int = 1) -> str:
        """Return a task's log as one text."""
        isi = self.minta("GET", f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/logs/{percobaan}")["content"]
        return "\n".join(str(baris.get("event", baris)) if isinstance(baris, dict) else str(baris) for baris in isi)


class StackUji:
    """The running stack, and hands to look into its parts."""

    def __init__(self, folder: Path, python: str = sys.executable, **lingkungan: str) -> None:
        """Take the Python that has the product, and what the stack's environment has besides the tests' own."""
        self.folder, self.python = folder, python
        luar = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "AP2T_"))}
        self._mulai = {**luar, "AP2T_HOME": str(folder), "AP2T_JEDA_TENGOK": "2", **SANTAI, **lingkungan}
        self.token: set[str] = set()
        self.ukuran: set[str] = set()
        """Names of our metrics that have come, where the stack was started with a listener."""
        self.buku_utuh = threading.Lock()
        """Held by a test that has the ledger say otherwise than its trail, and by one that audits it."""

    def naik(self, **lingkungan: str) -> None:
        """Start everything that does not run, as `make up` does."""
        naik = self.perintah("up", **lingkungan)
        assert naik.stdout.strip().splitlines()[-1].startswith("URL: http://")
        self.env: dict[str, str] = json.loads((self.folder / "lingkungan.json").read_text())
        self.alamat = self.env["AIRFLOW__API__BASE_URL"]
        self.sandi: dict[str, str] = json.loads((self.folder / "airflow" / "sandi.json").read_text())
        self.rahasia: dict[str, str] = json.loads((self.folder / "rahasia.json").read_text())
        self._lokal = threading.local()
        self.sambung()

    def sambung(self) -> None:
        """Connect to Airflow's own database, which stood still or was put in another's place."""
        alamat = self.env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "")
        self.basis_airflow = psycopg.connect(alamat, autocommit=True)

    def perintah(self, *kata: str, **lingkungan: str) -> subprocess.CompletedProcess[str]:
        """Do something to the whole stack, or to a part of it: ``python -m sandbox.stack``."""
        return keluar(self._proses("-m", "sandbox.stack", *kata, env={**self._mulai, **lingkungan}))

    def jalankan(self, *kata: str) -> subprocess.CompletedProcess[str]:
        """Run the Python that has the product, with what its parts see."""
        return self._proses(*kata, env={**self._mulai, **self.env})

    def _proses(self, *kata: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.python, *kata],
            cwd=self.folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=420,
        )

    def meta(self, sql: str, *nilai: Any) -> list[tuple[Any, ...]]:
        """Read Airflow's own database."""
        return self.basis_airflow.execute(sql, nilai).fetchall()  # type: ignore[call-overload,no-any-return]

    def sebagai(self, username: str) -> KlienUji:
        """Airflow as that person; one client for each thread."""
        klien: dict[str, KlienUji] = self._lokal.__dict__
        if username not in klien:
            klien[username] = baru = KlienUji(self, username)
            self.token.add(str(baru._sesi.headers["Authorization"]).removeprefix("Bearer "))
        return klien[username]

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

    def berulang(self) -> set[str]:
        """Customers whose reading took effect twice in AP2T without a cancellation of ours between."""
        dua_kali = {b["idpel"] for b in self.sandbox("GET", "ringkasan")["posting_berulang"]}
        return dua_kali - {i for (i,) in self.buku("SELECT idpel FROM pengesahan.hasil WHERE status = 'BATAL'")}

    def buku(self, sql: str, *nilai: Any) -> list[tuple[Any, ...]]:
        """Read the ledger (as its owner)."""
        with psycopg.connect(self.env["AP2T_LEDGER_OWNER_URL"]) as conn:
            return conn.execute(sql, nilai).fetchall()  # type: ignore[call-overload,no-any-return]

    def acmt(self, sql: str, *nilai: Any) -> list[tuple[Any, ...]]:
        """Change the demo ACMT (as its owner), or read it."""
        url = self.env["AP2T_LEDGER_OWNER_URL"].replace("buku_pemilik@/buku", "acmt_pemilik@/acmt")
        with psycopg.connect(url) as conn:
            kursor = conn.execute(sql, nilai)  # type: ignore[call-overload]
            return kursor.fetchall() if kursor.description else []

    def bulan(self, unitup: str, kode: str) -> str:
        """The month a kelompok is read for now."""
        sql = "SELECT max(thblrek) FROM acmt_dasar.bacaan WHERE unitup = %s AND hari_baca = %s"
        return str(self.acmt(sql, unitup, kode)[0][0])

    def sesi(self, run_id: str) -> dict[str, Any]:
        """The session of a run."""
        with psycopg.connect(self.env["AP2T_LEDGER_OWNER_URL"], row_factory=psycopg.rows.dict_row) as conn:
            baris = conn.execute("SELECT * FROM pengesahan.sesi WHERE run_id = %s", [run_id]).fetchone()
        assert baris is not None, f"run {run_id} tidak punya sesi"
        return baris

    def log(self, username: str, dag_id: str, run_id: str, task_id: str, percobaan: int = 1) -> str:
        return self.sebagai(username).log(dag_id, run_id, task_id, percobaan)

    def audit(self) -> None:
        """Nothing in the whole ledger differs from its trail, whatever other tests are at."""
        with self.buku_utuh:
            keluar(self.ap2t("audit", "verifikasi"))

    def ap2t(self, *argumen: str, modul: str = "ap2t.cli") -> subprocess.CompletedProcess[str]:
        """Run the ``ap2t`` command against the stack, or another one (``airflow``)."""
        return self.jalankan("-m", modul, *argumen)


Bersama = dict[Callable[[StackUji], Any], Future[Any]]


def serentak(badan: Callable[[StackUji], None]) -> Callable[..., None]:
    """Let a test run side by side with all others so marked: each needs its own kelompok, and waits mostly."""

    def uji(bersama: Bersama) -> None:
        bersama[badan].result()

    uji.__name__, uji.__doc__, uji.__module__ = badan.__name__, badan.__doc__, badan.__module__
    return disiapkan(badan)(uji)


def disiapkan(badan: Callable[[StackUji], Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a test find in fixture ``siap`` what ``badan`` made, begun together with all tests that run side by side."""

    def pasang(uji: Callable[..., None]) -> Callable[..., None]:
        uji.badan = badan  # type: ignore[attr-defined]
        return uji

    return pasang


def mulai_bersama(dipilih: list[pytest.Item], folder: Path, stack: StackUji) -> Iterator[Bersama]:
    """Start what every selected test of a folder has for it."""
    milik = [i for i in dipilih if i.path.parent == folder and not any(m.args[0] for m in i.iter_markers("skipif"))]
    uji = (getattr(i, "function", None) for i in milik)
    semua = dict.fromkeys(f.badan for f in uji if hasattr(f, "badan"))
    with ThreadPoolExecutor(14, thread_name_prefix="uji") as kolam:  # Airflow runs eight tasks at once
        yield {badan: kolam.submit(badan, stack) for badan in semua}


@pytest.fixture(scope="package")
def bersama(request: pytest.FixtureRequest, stack: StackUji) -> Iterator[Bersama]:
    """What the tests that share this stack have begun."""
    yield from mulai_bersama(request.session.items, Path(__file__).parent, stack)


@pytest.fixture
def siap(request: pytest.FixtureRequest, bersama: Bersama) -> Any:
    """What was prepared for this test, or how it ended."""
    return bersama[request.function.badan].result()


@pytest.fixture
def sendiri(bersama: Bersama) -> None:
    """Wait until no other test is at work: this one disturbs AP2T for all, or looks at what all have left."""
    wait(bersama.values())


@contextmanager
def menyala(nama: str, python: str = sys.executable, **lingkungan: str) -> Iterator[StackUji]:
    """Start a whole stack of its own, as `make up` does, and stop it; its logs are kept where CI asks for them."""
    folder = Path(tempfile.mkdtemp(prefix=f"ap2t-{nama}-", dir="/tmp"))
    stack = StackUji(folder, python, **lingkungan)
    try:
        stack.naik()
        yield stack
        stack.basis_airflow.close()
    finally:
        stack.perintah("down")
        artefak = os.environ.get("AP2T_ARTEFAK")
        if artefak:
            shutil.copytree(folder / "log", Path(artefak) / f"log-{nama}", dirs_exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def folder_dag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our DAG files, and beside them the one that the documents give as an example."""
    folder = shutil.copytree(AKAR / "dags", tmp_path_factory.mktemp("dag") / "dags")
    (folder / "contoh.py").write_text(contoh_dag())
    return folder


@pytest.fixture(scope="package")
def stack(folder_dag: Path) -> Iterator[StackUji]:
    """The stack that all tests here share; several batches a run, metrics to a listener here."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as soket:
        soket.bind(("127.0.0.1", 0))
        ukuran = {
            "AIRFLOW__METRICS__STATSD_ON": "True",
            "AIRFLOW__METRICS__STATSD_HOST": "127.0.0.1",
            "AIRFLOW__METRICS__STATSD_PORT": str(soket.getsockname()[1]),
        }
        dag_kita = {"AIRFLOW__CORE__DAGS_FOLDER": str(folder_dag)}
        with menyala("e2e", AP2T_DEMO_BARIS=str(BARIS), AP2T_UKURAN_BATCH="60", **ukuran, **dag_kita) as s:
            threading.Thread(target=_dengarkan, args=(soket, s.ukuran), daemon=True).start()
            yield s


def _dengarkan(soket: socket.socket, nama: set[str]) -> None:
    """Keep the names of our own metrics; ends when the socket is closed."""
    with suppress(OSError):
        while teks := soket.recv(65536).decode():
            nama.update(b.partition(":")[0] for b in teks.splitlines() if ".pengesahan." in b)
