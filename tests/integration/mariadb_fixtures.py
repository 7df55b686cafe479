"""ACMT in a real MariaDB (tests/mariadb.py).

Without one the tests are left out, and the run says so at its end; with CI=true a missing one fails.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from proses_fixtures import Dunia, isi_koneksi

from tests.mariadb import AcmtMariadb, alat, peladen_mariadb

TANPA_MARIADB = "MariaDB tidak terpasang"


def _alat(*nama: str) -> str:
    if ada := alat(*nama):
        return ada
    if os.environ.get("CI") == "true":
        pytest.fail(f"{TANPA_MARIADB}: {nama[0]} tidak ada. .ci/run memasangnya.")
    pytest.skip(f"{TANPA_MARIADB}: pasang paket mariadb-server lalu ulangi make test")


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[dict[str, Any]]:
    """A server for all tests."""
    with peladen_mariadb(_alat("mariadbd", "mysqld"), _alat("mariadb-install-db", "mysql_install_db")) as alamat:
        yield alamat


class Maria(AcmtMariadb):
    """The world's unit in it."""

    def __init__(self, dunia: Dunia, alamat: dict[str, Any]) -> None:
        super().__init__(dunia.unitup, dunia.acmt, alamat)
        self.dunia = dunia

    def pindahkan(self) -> None:
        """Copy the unit, and point acmt_db here."""
        isi_koneksi(self.dunia.monkeypatch, "acmt_db", **self.koneksi)
        super().pindahkan()


@pytest.fixture
def maria(dunia: Dunia, mariadb_server: dict[str, Any]) -> Iterator[Maria]:
    """An empty ACMT in MariaDB."""
    m = Maria(dunia, mariadb_server)
    yield m
    m.tutup()
