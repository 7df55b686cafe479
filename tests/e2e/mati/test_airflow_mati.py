"""Scheduler, api-server, triggerer and dag-processor killed, each while a posting, a gate or a wait depends on it.

Judged by AP2T's own store, the ledger's answers and the audit; what a person has to do: docs/pengelola/runbook.md.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.e2e.bagian_uji import Bagian, di_tengah_posting, dilayani, jejak, kesehatan, lambat, tepat_sekali
from tests.e2e.conftest import StackUji, lengkapi, tunggu
from tests.e2e.run_uji import RunUji

pytestmark = [pytest.mark.e2e, pytest.mark.nightly]
SATU, DUA, TIGA = "54110", "55210", "41310"


def test_scheduler_dan_tugasnya_mati(hidup: StackUji) -> None:
    """The scheduler's machine dies with its tasks: posting is tried again, and answers given just then count once."""
    korban, sesaat, selagi = (RunUji(hidup, unit, "A") for unit in (SATU, DUA, TIGA))
    for run in (sesaat, selagi):
        run.matang()
    di_tengah_posting(korban)
    scheduler = Bagian(hidup, "scheduler")
    sesaat.kirim_jawaban()
    scheduler.bunuh()
    selagi.kirim_jawaban()
    assert korban.tugas["posting_ap2t"] == "running"
    scheduler.nyalakan()
    hidup.sandbox("DELETE", "gangguan")
    tepat_sekali(korban, sesaat, selagi)
    assert jejak(korban, "POSTING_MULAI") == 2


def test_scheduler_mati_tugasnya_hidup(hidup: StackUji) -> None:
    """Killed alone (out of memory), its task lives on while another scheduler starts it anew: every row still once.

    What it left may hold its connection, and the lock that all scheduling needs: the database ends that.
    """
    korban = RunUji(hidup, SATU, "B")
    di_tengah_posting(korban)
    Bagian(hidup, "scheduler").bunuh(semua=False)
    lambat(hidup, 8)  # it must still be at work when it is given up
    lain = Bagian(hidup, "scheduler-2")
    lain.nyalakan()
    korban.sampai(lambda _: jejak(korban, "POSTING_MULAI") == 2)
    hidup.sandbox("DELETE", "gangguan")
    tepat_sekali(korban)
    lain.bunuh()


def test_api_server_mati(hidup: StackUji) -> None:
    """Heartbeats and results go through the api-server: a short absence is bridged. The page is there again.

    Whoever wants to answer meanwhile reaches nobody, and answers later, without a new login.
    """
    korban, gerbang = RunUji(hidup, SATU, "C"), RunUji(hidup, DUA, "C")
    gerbang.matang()
    di_tengah_posting(korban)
    api = Bagian(hidup, "api-server")
    api.bunuh()
    with pytest.raises(requests.ConnectionError):
        gerbang.kirim_jawaban()
    api.nyalakan()
    hidup.sandbox("DELETE", "gangguan")
    assert dilayani(gerbang)
    gerbang.kirim_jawaban()
    tepat_sekali(korban, gerbang)


def test_api_server_mati_lama(hidup: StackUji) -> None:
    """Without it for minutes a task ends, and its tries are used up: the session stands still, and is cleared."""
    korban = RunUji(hidup, SATU, "D")
    di_tengah_posting(korban)
    api = Bagian(hidup, "api-server")
    api.bunuh()
    korban.gagal("posting_ap2t")
    api.nyalakan()
    hidup.sandbox("DELETE", "gangguan")
    tunggu(lambda: korban.sesi["status"] == "TERHENTI")
    korban.ulang(korban.spv, "posting_ap2t")
    tepat_sekali(korban)


def test_triggerer_mati(hidup: StackUji) -> None:
    """An answer needs no triggerer. Who waits for readiness, or is asked again, goes on when it is back."""
    terbuka, diulang = RunUji(hidup, SATU, "E"), RunUji(hidup, DUA, "E")
    belum = RunUji(hidup, SATU, "S")
    diulang.berdiri()
    belum.sampai(lambda t: t["kesiapan.terverifikasi"] == "deferred")
    triggerer = Bagian(hidup, "triggerer")
    triggerer.bunuh()
    terbuka.sah()
    diulang.ulang(diulang.spv, "persetujuan")
    diulang.sampai(lambda t: t["persetujuan"] == "deferred")
    lengkapi(hidup, SATU, "S")
    tunggu(lambda: kesehatan(hidup, "triggerer") == "unhealthy")
    assert belum.tugas["kesiapan.terverifikasi"] == "deferred"
    triggerer.nyalakan()
    belum.sah()
    diulang.sah()
    tepat_sekali(terbuka, diulang, belum)


def test_dag_processor_mati(hidup: StackUji) -> None:
    """Runs that stand, and new ones, need none; when it is back no DAG is missing."""
    terbuka = RunUji(hidup, SATU, "F").berdiri()
    dag_processor = Bagian(hidup, "dag-processor")
    dag_processor.bunuh()
    baru = RunUji(hidup, DUA, "F")
    terbuka.jawab()
    baru.jawab()
    tepat_sekali(terbuka, baru)
    dibaca = "SELECT count(*) FROM dag WHERE dag_id LIKE 'pengesahan_hari_baca_%%' AND NOT is_stale"
    semua = hidup.meta(dibaca)
    dag_processor.nyalakan()
    tunggu(lambda: kesehatan(hidup, "dag_processor") == "healthy")
    assert hidup.meta(dibaca) == semua


def test_dua_scheduler(hidup: StackUji) -> None:
    """Two schedulers share one database's runs, each step of each run once; what the one leaves the other takes up."""
    semua = [RunUji(hidup, unit, "G") for unit in (SATU, DUA)]
    kedua = Bagian(hidup, "scheduler-2")
    kedua.nyalakan()
    berdetak = (
        "SELECT count(*) FROM job WHERE job_type = 'SchedulerJob' AND state = 'running' "
        "AND latest_heartbeat > now() - interval '10 seconds'"
    )
    tunggu(lambda: hidup.meta(berdetak) == [(2,)])
    semua.append(RunUji(hidup, TIGA, "G"))
    for run in semua[1:]:
        run.jawab()
    di_tengah_posting(semua[0])
    kedua.bunuh()
    hidup.sandbox("DELETE", "gangguan")
    tepat_sekali(*semua)
    sql = "SELECT count(DISTINCT queued_by_job_id) FROM task_instance WHERE run_id = ANY(%s)"
    assert hidup.meta(sql, [run.id for run in semua])[0][0] >= 2


def test_orang_ramai(hidup: StackUji) -> None:
    """Sixty people at once make Airflow slow, and stop nothing: each is answered, tasks tell of themselves meanwhile.

    The api-server asks its database in the event loop. Were no connection free there, everybody would wait for half a
    minute, those too that hold one.
    """
    run = RunUji(hidup, SATU, "G")
    di_tengah_posting(run)
    kepala = hidup.sebagai(run.spv)._sesi.headers
    akhir = time.monotonic() + 10

    def orang(_: int) -> set[int]:
        kode = set()
        with requests.Session() as sesi:
            sesi.headers.update(kepala)
            while time.monotonic() < akhir:
                kode.add(sesi.get(f"{hidup.alamat}/api/v2/dags?limit=50", timeout=120).status_code)
        return kode

    with ThreadPoolExecutor(60) as kolam:
        semua = list(kolam.map(orang, range(60)))
    assert semua == [{200}] * 60
    hidup.sandbox("DELETE", "gangguan")
    tepat_sekali(run)
    assert jejak(run, "POSTING_MULAI") == 1
