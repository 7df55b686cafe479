"""PostgreSQL and AP2T killed while sessions post and wait; Airflow's own database put back, and swept out.

Judged by AP2T's own store, the ledger's answers and the audit; what a person has to do: docs/pengelola/runbook.md.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from sandbox.postgres import PostgresTertanam
from tests.e2e.bagian_uji import AIRFLOW, AP2T, POSTGRES, Bagian, di_tengah_posting, jejak, tepat_sekali
from tests.e2e.conftest import StackUji, dag, tunggu
from tests.e2e.run_uji import RunUji
from tests.perintah import keluar

pytestmark = [pytest.mark.e2e, pytest.mark.nightly]
SATU, DUA, TIGA = "54110", "55210", "41310"


def bangkitkan(stack: StackUji) -> bool:
    """What a person does behind an outage of the database: start what ended with it. Whether anything had."""
    mati = [bagian for nama in AIRFLOW if not (bagian := Bagian(stack, nama)).hidup]
    for bagian in mati:
        bagian.nyalakan()
    return bool(mati)


def test_postgresql_mati(hidup: StackUji) -> None:
    """Ledger and Airflow's database die together, fsync on: what was committed stands, what was sent is asked for."""
    assert hidup.buku("SELECT current_setting('fsync'), current_setting('synchronous_commit')") == [("on", "on")]
    korban, gerbang = RunUji(hidup, SATU, "A"), RunUji(hidup, DUA, "A")
    gerbang.matang()
    di_tengah_posting(korban)
    basis = Bagian(hidup, POSTGRES)
    basis.bunuh()
    time.sleep(5)
    basis.nyalakan()
    assert "automatic recovery in progress" in (hidup.folder / "pg" / "log").read_text()
    hidup.sandbox("DELETE", "gangguan")
    gerbang.kirim_jawaban()
    # some parts end only a while later: whoever looks after them starts them as they do
    tunggu(lambda: not bangkitkan(hidup) and {run.sesi["status"] for run in (korban, gerbang)} == {"SELESAI"}, 400)
    tepat_sekali(korban, gerbang)


def test_ap2t_mati(hidup: StackUji) -> None:
    """AP2T dies with a batch on its way and comes back: the sender waits, asks what became of it, and goes on."""
    korban = RunUji(hidup, TIGA, "A")
    di_tengah_posting(korban)
    ap2t = Bagian(hidup, AP2T)
    ap2t.bunuh()
    time.sleep(10)
    assert korban.tugas["posting_ap2t"] == "running"
    ap2t.nyalakan()
    tepat_sekali(korban)
    assert jejak(korban, "POSTING_MULAI") == 1


def test_basis_airflow_dipulihkan(hidup: StackUji, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Airflow's database from before: gates stand again that were answered, runs are gone; the ledger knows better."""
    selesai, separuh = RunUji(hidup, SATU, "B"), RunUji(hidup, DUA, "B")
    for run in (selesai, separuh):
        run.matang()
    cadangan = str(tmp_path_factory.mktemp("cadangan") / "airflow.dump")
    basis = PostgresTertanam(hidup.folder / "pg")
    basis.alat("pg_dump", "-Fc", "-d", "airflow", "-f", cadangan)
    selesai.kirim_jawaban()
    selesai.berhasil()
    hilang = RunUji(hidup, TIGA, "B").berdiri()
    di_tengah_posting(separuh)
    for nama in AIRFLOW:
        Bagian(hidup, nama).bunuh()
    hidup.sandbox("DELETE", "gangguan")
    hidup.basis_airflow.close()
    basis.alat("dropdb", "--force", "airflow")
    basis.alat("createdb", "-O", "airflow", "airflow")
    basis.alat("pg_restore", "--exit-on-error", "-d", "airflow", cadangan)
    hidup.sambung()
    bangkitkan(hidup)

    # the gate of a session that is done asks again; whatever is answered changes nothing
    selesai.berdiri()
    selesai.kirim_jawaban("Tolak")
    keadaan, tugas = selesai.selesai()
    assert (keadaan, tugas["tutup_sesi"]) == ("success", "success")
    assert {tugas[nama] for nama in ("persetujuan", "posting_ap2t", "rekonsiliasi")} == {"skipped"}
    assert "sudah berakhir (SELESAI)" in hidup.log(selesai.spv, selesai.dag, selesai.id, "persetujuan")
    # a gate whose answer the ledger holds passes by itself when it wakes, two hours later: nobody is asked twice
    bangun = (
        "UPDATE task_instance SET trigger_timeout = now() WHERE run_id = %s AND task_id = 'persetujuan' RETURNING 1"
    )
    assert hidup.meta(bangun, separuh.id) == [(1,)]
    # a session whose run is gone is found by the watch, and taken over by a new run
    penjaga = hidup.sebagai("admin").mulai("penjaga_sesi")
    assert hidup.sebagai("admin").tunggu_selesai("penjaga_sesi", penjaga) == "success"
    assert hilang.sesi["status"] == "TERHENTI"
    baru = RunUji(hidup, TIGA, "B")
    baru.sah()
    assert hilang.sesi["status"] == "DIAMBIL_ALIH"
    tepat_sekali(separuh, baru)
    assert selesai.persetujuan() == [(1, "SETUJU", selesai.spv, [])]
    assert selesai.terposting() == selesai.boleh()


def test_basis_airflow_dibersihkan(hidup: StackUji) -> None:
    """`airflow db clean` of all before now takes runs with open gates: the ledger stays, and a new run takes over."""
    selesai, terbuka = RunUji(hidup, SATU, "C"), RunUji(hidup, DUA, "C")
    selesai.sah()
    terbuka.berdiri()
    kini = datetime.now(UTC).isoformat()
    keluar(hidup.ap2t("db", "clean", "--clean-before-timestamp", kini, "--yes", "--skip-archive", modul="airflow"))
    assert hidup.meta("SELECT count(*) FROM dag_run WHERE run_id = ANY(%s)", [selesai.id, terbuka.id]) == [(0,)]
    hidup.audit()
    assert selesai.sesi["nomor"] in hidup.ap2t("sesi", "--unitup", SATU).stdout
    # it took the DAGs too, which are read again within five minutes, or by a new dag-processor; and what the parts run
    # by, so that some of them end
    dag_processor = Bagian(hidup, "dag-processor")
    if dag_processor.hidup:
        dag_processor.bunuh()
    ada = "SELECT 1 FROM dag WHERE dag_id = %s AND NOT is_stale"
    tunggu(lambda: not bangkitkan(hidup) and hidup.meta(ada, dag("C")) != [], 180)
    baru = RunUji(hidup, DUA, "C")
    baru.sah()
    assert terbuka.sesi["status"] == "DIAMBIL_ALIH"
    tepat_sekali(baru)
