"""Fixtures: an embedded PostgreSQL with the demo ACMT, and a SQLite source with the contract's names."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from ap2t.domain.model import KOLOM_BACAAN
from ap2t.source.kontrak import KONTRAK
from sandbox.foto.__main__ import peladen
from sandbox.postgres import get_server


def koneksi(**isi: Any) -> Any:
    """Make something that looks like an Airflow connection."""
    bawaan = {"conn_type": "postgres", "host": None, "port": None, "login": None, "password": None, "schema": None}
    return SimpleNamespace(**{**bawaan, "extra_dejson": {}, **isi})


@pytest.fixture(scope="session")
def acmt_server() -> Iterator[str]:
    """Start an embedded PostgreSQL for this test session; give its address."""
    with tempfile.TemporaryDirectory(prefix="acmt", dir="/tmp", ignore_cleanup_errors=True) as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture
def asal_foto() -> Iterator[str]:
    """Start the demo's photo server; give its origin."""
    server = peladen(0)
    utas = threading.Thread(target=server.serve_forever)
    utas.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    utas.join()
    server.server_close()


def basis_data(server: str, nama: str) -> str:
    """Create a database and return its address."""
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {}").format(psycopg.sql.Identifier(nama)))
        conn.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(nama)))
    return server.replace("/postgres?", f"/{nama}?")


def koneksi_pg(alamat: str, login: str = "postgres", password: str | None = None) -> Any:
    """Make the Airflow connection for an address of the embedded server (a socket folder)."""
    urai = urlsplit(alamat)
    return koneksi(host=parse_qs(urai.query)["host"][0], schema=urai.path.lstrip("/"), login=login, password=password)


def buat_sqlite(berkas: Path, baris: list[dict[str, Any]]) -> None:
    """Write a SQLite ACMT: tables without types (each value keeps its own) under the views of the contract."""
    with sqlite3.connect(berkas) as conn:
        for view, kolom in KONTRAK.items():
            conn.execute(f"CREATE TABLE t_{view} ({', '.join(kolom)})")
            conn.execute(f"CREATE VIEW {view} AS SELECT * FROM t_{view}")  # noqa: S608
        conn.execute("INSERT INTO t_v_unit VALUES ('54110', 'ULP Gambir  ', '54100', '54', 'Asia/Jakarta')")
        conn.execute("INSERT INTO t_v_petugas VALUES ('spv54110 ', 'Siti', '', 'ADMIN_CMT', '54110', 1)")
        conn.execute("INSERT INTO t_v_petugas VALUES ('lama', NULL, NULL, 'PENGAWAS', '54110', 'N')")
        conn.execute("INSERT INTO t_v_jadwal_hari_baca VALUES ('54110', '202606', 'A', '2026-05-25', '2')")
        for satu in baris:
            nilai = [satu.get(k) for k in KOLOM_BACAAN]
            conn.execute(f"INSERT INTO t_v_bacaan VALUES ({', '.join('?' * len(nilai))})", nilai)  # noqa: S608
    conn.close()
