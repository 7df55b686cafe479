"""An answer outlives what takes it up: ACMT, the ledger, the task itself. It is given once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
import requests
from psycopg import sql

from tests.e2e.conftest import StackUji, disiapkan, tunggu
from tests.e2e.run_uji import RunUji
from tests.perintah import keluar

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("sendiri")]
UNIT = "54110"
SPV, SPV_B = f"spv{UNIT}", f"spv{UNIT}b"


@contextmanager
def mati(stack: StackUji, basis: str) -> Iterator[None]:
    """Let a database take no connections, and end those that stand, as when its server is gone."""
    alamat = stack.env["AP2T_LEDGER_OWNER_URL"].replace("buku_pemilik@/buku", "postgres@/postgres")
    ubah = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(alamat, autocommit=True) as conn:
        conn.execute(ubah.format(sql.Identifier(basis), sql.SQL("false")))
        try:
            conn.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [basis])
            yield
        finally:
            conn.execute(ubah.format(sql.Identifier(basis), sql.SQL("true")))


def jenis(run: RunUji) -> list[str]:
    """Kinds of the session's entries, in order."""
    sesi = run.sesi["id"]
    return [j for (j,) in run.stack.buku("SELECT jenis FROM pengesahan.jejak WHERE sesi_id = %s ORDER BY id", sesi)]


def menunggu(stack: StackUji) -> tuple[RunUji, RunUji]:
    """Two runs that stand at their gates, old enough to be answered."""
    j, q = RunUji(stack, UNIT, "J"), RunUji(stack, UNIT, "Q")
    return j.matang(), q.matang()


@disiapkan(menunggu)
def test_acmt_mati_lalu_tugas_diulang(stack: StackUji, siap: tuple[RunUji, RunUji]) -> None:
    """ACMT is away when the answer comes: no worker waits, nobody is asked again, not even when the task is cleared."""
    run, _ = siap
    satu = sorted(run.boleh())[0]
    with mati(stack, "acmt"):
        run.kirim_jawaban(isian={"kembalikan": [satu], "catatan": None})
        tunggu(lambda: "JAWABAN_TERTUNDA" in jenis(run))
        tunggu(lambda: run.tugas["persetujuan"] == "deferred")
        with pytest.raises(requests.HTTPError, match="409"):
            run.kirim_jawaban("Tolak", oleh=SPV_B)
        lihat = stack.ap2t("sesi", run.sesi["nomor"])
        assert "menunggu ACMT" in lihat.stdout, lihat.stdout + lihat.stderr
        run.ulang(SPV, "persetujuan")
        tunggu(lambda: run.percobaan("persetujuan") > 1)
    run.berhasil()
    assert run.persetujuan() == [(1, "SETUJU", SPV, [satu])]
    assert (jenis(run).count("JAWABAN_TIBA"), jenis(run).count("DIJAWAB")) == (1, 1)
    assert "GERBANG_DIBUKA_LAGI" not in jenis(run)


@disiapkan(menunggu)
def test_buku_mati(stack: StackUji, siap: tuple[RunUji, RunUji]) -> None:
    """The ledger is away when the answer comes: it is taken from what Airflow keeps, as soon as the ledger is back."""
    _, run = siap
    with mati(stack, "buku"):
        run.kirim_jawaban()
        tunggu(lambda: run.tugas["persetujuan"] == "deferred")
    run.berhasil()
    assert run.persetujuan() == [(1, "SETUJU", SPV, [])]
    keluar(stack.ap2t("audit", "verifikasi"))
