"""A DAG of the same shape as a pengesahan run whose tasks do nothing; copied into a dags folder of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import DAG, BaseOperator, Param, TaskGroup
from airflow.sdk.exceptions import AirflowSkipException


class Kosong(BaseOperator):
    """Does nothing."""

    def execute(self, context: Any) -> None:
        """Return at once."""


class Lewat(BaseOperator):
    """Skips itself, as the second approver does where one suffices."""

    def execute(self, context: Any) -> None:
        """Skip."""
        raise AirflowSkipException


with DAG(
    dag_id="kosong",
    schedule=None,
    catchup=False,
    max_active_runs=2000,
    max_active_tasks=64,
    default_args={"owner": "bench", "retries": 2, "retry_delay": timedelta(seconds=10)},
    params={
        "unitup": Param("", type="string"),
        "thblrek": Param(None, type=["null", "string"]),
        "tunggu_kesiapan": Param(True, type="boolean"),
    },
):
    buka_sesi = Kosong(task_id="buka_sesi")
    with TaskGroup("kesiapan") as siap:
        (
            Kosong(task_id="stan_terisi")
            >> Kosong(task_id="terverifikasi")
            >> Kosong(task_id="terkirim")
            >> Kosong(task_id="fungsi2_terbuka")
        )
    ambil_bacaan = Kosong(task_id="ambil_bacaan")
    saring_jam_nyala = Kosong(task_id="saring_jam_nyala")
    rekap = Kosong(task_id="rekap")
    persetujuan = HITLOperator(
        task_id="persetujuan",
        subject="Kosong",
        options=["Sah/Setuju", "Tolak"],
        params={"catatan": Param(None, type=["null", "string"]), "kembalikan": Param(None, type=["null", "array"])},
    )
    persetujuan_kedua = Lewat(task_id="persetujuan_kedua")
    posting_ap2t = Kosong(task_id="posting_ap2t", trigger_rule="none_failed")
    rekonsiliasi = Kosong(task_id="rekonsiliasi", trigger_rule="none_failed")
    tutup_sesi = Kosong(task_id="tutup_sesi", trigger_rule="none_failed")
    buka_sesi >> siap >> ambil_bacaan >> saring_jam_nyala >> rekap >> persetujuan
    persetujuan >> persetujuan_kedua >> posting_ap2t >> rekonsiliasi >> tutup_sesi
