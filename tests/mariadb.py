"""A real MariaDB with the contract's views in the types such a shop uses: BIT(1), padded CHAR, latin1, zero dates.

Started from Debian's package on a port of its own, for tests and benchmarks.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pymysql

from ap2t.domain.harga import Harga
from ap2t.domain.model import KOLOM_BACAAN, KOLOM_PILIHAN, KOLOM_WAKTU, BulanLalu
from tests.perintah import keluar

SANDI = "sandi-Maria-4412"
NOL = "0000-00-00 00:00:00"
"""How MySQL writes that there is no instant."""
_DASAR = Path(__file__).with_name("mariadb.sql")


def alat(*nama: str) -> str | None:
    """Return a program of the package; sbin is not on everybody's path."""
    jalan = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    return next((p for n in nama if (p := shutil.which(n, path=jalan))), None)


@contextmanager
def peladen_mariadb(peladen: str, pasang: str) -> Iterator[dict[str, Any]]:
    """Start a MariaDB in a folder of its own; give what PyMySQL needs to reach it as its administrator."""
    with tempfile.TemporaryDirectory(prefix="maria", dir="/tmp", ignore_cleanup_errors=True) as folder:
        data, soket = f"{folder}/data", f"{folder}/s"
        siapa = ["--user=root"] if os.geteuid() == 0 else []
        # where they share a folder, one that starts takes the others' temporary tables away
        umum = ["--no-defaults", f"--datadir={data}", f"--tmpdir={folder}"]
        buat = [*umum, "--auth-root-authentication-method=normal", "--skip-test-db", *siapa]
        keluar(subprocess.run([pasang, *buat], capture_output=True, timeout=120, check=False))
        with socket.create_server(("127.0.0.1", 0)) as s:
            porta = s.getsockname()[1]
        mode = "PAD_CHAR_TO_FULL_LENGTH"  # and none that forbids zero dates
        pilihan = ["--bind-address=127.0.0.1", f"--port={porta}", f"--socket={soket}", f"--sql-mode={mode}"]
        pilihan += ["--character-set-server=latin1", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0"]
        proses = subprocess.Popen(
            [peladen, *umum, *pilihan, *siapa], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        alamat: dict[str, Any] = {"unix_socket": soket, "user": "root", "charset": "utf8mb4", "autocommit": True}
        try:
            _tunggu(alamat, proses)
            with pymysql.connect(**alamat) as conn, conn.cursor() as k:
                k.execute("CREATE USER pembaca@'127.0.0.1' IDENTIFIED BY %s", [SANDI])
            yield alamat | {"porta": porta}
        finally:
            proses.terminate()
            proses.wait(timeout=30)


def _tunggu(alamat: dict[str, Any], proses: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert proses.poll() is None, "MariaDB berhenti sendiri"
        try:
            pymysql.connect(**alamat).close()
            return
        except pymysql.OperationalError:
            time.sleep(0.1)
    raise AssertionError("MariaDB tidak menjawab")


class AcmtMariadb:
    """A demo unit's ACMT, moved into MariaDB with the types that a shop of that kind uses."""

    def __init__(self, unitup: str, acmt: psycopg.Connection[Any], alamat: dict[str, Any]) -> None:
        self.unitup, self.acmt, self.kolom = unitup, acmt, KOLOM_BACAAN
        porta = alamat["porta"]
        self.conn = pymysql.connect(**{k: v for k, v in alamat.items() if k != "porta"})
        for perintah in filter(str.strip, _DASAR.read_text(encoding="utf-8").split(";\n")):
            self.jalankan(perintah)
        self.koneksi: dict[str, Any] = {
            "conn_type": "mariadb",
            "host": "127.0.0.1",
            "port": porta,
            "login": "pembaca",
            "password": SANDI,
            "schema": "acmt",
        }

    def jalankan(self, perintah: str, *nilai: Any) -> Any:
        """Run a statement as the administrator; return its rows."""
        with self.conn.cursor() as k:
            k.execute(perintah, nilai)
            return k.fetchall()

    def tawarkan(self) -> None:
        """Let the view offer every column beside the contract, as a shop of that kind has them."""
        jenis = {
            **dict.fromkeys(KOLOM_PILIHAN, "DECIMAL(18, 6)"),
            "tgl_baca_lalu": "DATETIME",
            "tgl_mutasi": "DATETIME",
            "daya_lama": "INT",
            "rendah_wajar": "BIT(1)",
            "cara_baca": "CHAR(8)",
            "cara_baca_lalu": "CHAR(8)",
        }
        tambah = ", ".join(f"ADD COLUMN {kolom} {satu}" for kolom, satu in jenis.items())
        self.jalankan(f"ALTER TABLE pln.bacaan {tambah}")
        self.jalankan("CREATE OR REPLACE VIEW acmt.v_bacaan AS SELECT * FROM pln.bacaan")
        self.kolom = (*KOLOM_BACAAN, *KOLOM_PILIHAN)

    def tawarkan_view(self, view: str, kolom: str = "*") -> None:
        """Let ACMT offer ``v_riwayat`` or ``v_harga`` with these columns."""
        self.jalankan(f"CREATE OR REPLACE VIEW acmt.{view} AS SELECT {kolom} FROM pln.{view.removeprefix('v_')}")  # noqa: S608
        self.jalankan(f"GRANT SELECT ON acmt.{view} TO pembaca@'127.0.0.1'")

    def pindahkan_lain(self) -> None:
        """Copy earlier months of the unit, and the prices, out of the demo's PostgreSQL."""
        for view, semua in (("v_riwayat", BulanLalu._fields), ("v_harga", Harga._fields)):
            kolom = ", ".join(semua)
            dari = f"SELECT {kolom} FROM acmt.{view}"  # noqa: S608
            if view == "v_riwayat":
                dari += f" WHERE idpel LIKE '{self.unitup}%'"
            isi = [
                [
                    nilai.astimezone(UTC).replace(tzinfo=None) if isinstance(nilai, datetime) else nilai
                    for nilai in baris
                ]
                for baris in self.acmt.execute(dari.encode())
            ]
            with self.conn.cursor() as k:
                tanda = ", ".join(["%s"] * len(semua))
                k.executemany(f"INSERT INTO pln.{view.removeprefix('v_')} ({kolom}) VALUES ({tanda})", isi)  # noqa: S608

    def pindahkan(self) -> None:
        """Copy the unit with its people, calendar and readings out of the demo's PostgreSQL."""
        for view, kolom in (
            ("unit", "unitup, nama, unitap, unitupi, zona_waktu"),
            ("petugas", "username, nama, email, peran, unitup, aktif"),
            ("jadwal", "unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari"),
            ("bacaan", ", ".join(self.kolom)),
        ):
            nama = {"jadwal": "v_jadwal_hari_baca"}.get(view, f"v_{view}")
            baca = f"SELECT {kolom} FROM acmt.{nama} WHERE unitup = %s"  # noqa: S608
            asal = self.acmt.execute(baca.encode(), [self.unitup]).fetchall()
            tujuan = [k.strip() for k in kolom.split(",")]
            with self.conn.cursor() as k:
                isi = [[_nilai(n, v) for n, v in zip(tujuan, baris, strict=True)] for baris in asal]
                k.executemany(f"INSERT INTO pln.{view} ({kolom}) VALUES ({', '.join(['%s'] * len(tujuan))})", isi)  # noqa: S608

    def tutup(self) -> None:
        """Close the administrator's connection."""
        self.conn.close()


def _nilai(kolom: str, nilai: Any) -> Any:
    if kolom in KOLOM_PILIHAN and nilai is None:
        return None
    if isinstance(nilai, Decimal) and not nilai.is_finite():  # MariaDB has none
        return Decimal(0)
    if kolom in KOLOM_WAKTU:
        return nilai.astimezone(UTC).replace(tzinfo=None) if isinstance(nilai, datetime) else NOL
    return nilai
