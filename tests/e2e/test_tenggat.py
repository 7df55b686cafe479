"""Deadlines in a running Airflow: escalated once, then ended; a late answer counts for nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.e2e.conftest import StackUji, atur_pola, serentak
from tests.e2e.run_uji import RunUji

pytestmark = pytest.mark.e2e
UNIT, KODE = "54110", "P"


def pasang_tenggat(stack: StackUji) -> None:
    """Give the unit deadlines far longer than any other test waits; these do not notice."""
    atur_pola(stack, UNIT, batas_jawab_jam="12", eskalasi=[f"manajer{UNIT}"], tutup_sesudah_jam="24")


@contextmanager
def waktu(run: RunUji) -> Iterator[Callable[[int], None]]:
    """Let hours pass at the run's gate, by the ledger's clock; afterwards the ledger is as it was.

    Meanwhile the gate is not as the trail tells: nobody audits the ledger.
    """
    lewat: list[int] = []

    def lalu(jam: int) -> None:
        geser(run, jam)
        lewat.append(jam)

    with run.stack.buku_utuh:
        try:
            yield lalu
        finally:
            geser(run, -sum(lewat))


def geser(run: RunUji, jam: int) -> None:
    """Move the gate's opening back, as the superuser, past the ledger's own guards."""
    alamat = run.stack.env["AP2T_LEDGER_OWNER_URL"].replace("buku_pemilik@", "postgres@")
    with psycopg.connect(alamat) as conn:
        conn.execute("SET LOCAL session_replication_role = replica")
        conn.execute(
            "UPDATE pengesahan.gerbang SET dibuka_pada = dibuka_pada - make_interval(hours => %s) WHERE sesi_id = %s",
            [jam, run.sesi["id"]],
        )


def jaga(stack: StackUji) -> None:
    """Start a round of the watch and wait until it is over."""
    admin = stack.sebagai("admin")
    run = admin.minta("POST", "dags/penjaga_sesi/dagRuns", json={"logical_date": None})["dag_run_id"]
    admin.tunggu_selesai("penjaga_sesi", run)
    assert admin.tugas("penjaga_sesi", run)["jaga_sesi"] == "success"


def jejak(run: RunUji, jenis: str) -> list[dict[str, Any]]:
    """Return what the trail says of a kind in the run's session."""
    sql = "SELECT isi FROM pengesahan.jejak WHERE sesi_id = %s AND jenis = %s ORDER BY id"
    return [isi for (isi,) in run.stack.buku(sql, run.sesi["id"], jenis)]


@serentak
def test_tenggat_lalu_kedaluwarsa(stack: StackUji) -> None:
    """Escalated once, then ended; a new run opens at once beside the old gate, whose late answer posts nothing."""
    pasang_tenggat(stack)
    run = RunUji(stack, UNIT, KODE).berdiri()
    gerbang = run.klien.gerbang(run.dag, run.id, "persetujuan")
    assert "Tenggat jawab:" in gerbang["body"]
    assert "Ditutup" in gerbang["body"]
    with waktu(run) as lalu:
        lalu(13)
        for _ in range(2):
            jaga(stack)
        (lewat,) = jejak(run, "TENGGAT_LEWAT")
        assert lewat["eskalasi"] == [f"manajer{UNIT}"]
        assert run.sesi["status"] == "BERJALAN"
        lalu(12)
        jaga(stack)
        assert run.sesi["status"] == "KEDALUWARSA"
    assert run.tugas["persetujuan"] == "awaiting_input"
    baru = RunUji(stack, UNIT, KODE, oleh=f"{run.spv}b").berdiri()
    run.kirim_jawaban("Sah/Setuju")
    run.gagal("persetujuan")
    (tolak,) = jejak(run, "JAWABAN_TIDAK_DITERIMA")
    assert "KEDALUWARSA" in tolak["sebab"]
    assert not run.persetujuan()
    run.tandai(f"{run.spv}b", "persetujuan")
    run.ulang(f"{run.spv}b", "posting_ap2t")
    run.gagal("posting_ap2t")
    assert jejak(run, "UPAYA_POSTING_DITOLAK")
    assert run.sesi["status"] == "KEDALUWARSA"
    assert {b["kodeposting"] for b in baru.ap2t().values()} == {0}
    baru.sah()
