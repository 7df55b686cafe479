"""Opens runs of other DAGs from a running task: the one place that knows how the Task SDK does it inside (3.3.2).

``TriggerDagRunOperator`` raises an exception that the task runner turns into a message to its supervisor, one run a
task. The same message is sent here, so that one process can open hundreds. The supervisor posts it to the execution
API, trying again by itself where that does not answer; the run is of type ``operator_triggered`` and inherits the user
of the run that opens it: None where a schedule began that.
"""

from __future__ import annotations

from collections.abc import Mapping

from ap2t.galat import AirflowMenolakRun, AirflowTidakMenjawab

_DITOLAK = range(400, 500)


def buka_run(dag_id: str, run_id: str, conf: Mapping[str, object]) -> bool:
    """Open a run. False: it was there already.

    :raises AirflowMenolakRun: Airflow refuses this one (no such DAG, or one it cannot read).
    :raises AirflowTidakMenjawab: whatever else came back: the run is not surely there, and opening it again is safe.
    """
    # a task's process has these; the scheduler and the api-server, which load this file too, need not
    from airflow.sdk.exceptions import AirflowRuntimeError, ErrorType
    from airflow.sdk.execution_time import task_runner
    from airflow.sdk.execution_time.comms import ErrorResponse, OKResponse, TriggerDagRun

    try:
        jawab: object = task_runner.SUPERVISOR_COMMS.send(
            TriggerDagRun(dag_id=dag_id, run_id=run_id, conf=dict(conf), reset_dag_run=False)
        )
    except AirflowRuntimeError as galat:
        jawab = galat.error
    if isinstance(jawab, OKResponse) and jawab.ok:
        return True
    if isinstance(jawab, ErrorResponse):
        if jawab.error is ErrorType.DAGRUN_ALREADY_EXISTS:
            return False
        rinci = jawab.detail or {}
        status = rinci.get("status_code")
        if status in _DITOLAK and status not in (401, 403, 408, 429):
            raise AirflowMenolakRun(
                f"Airflow menolak membuka run {run_id} dari DAG {dag_id} (HTTP {status}). Periksa apakah DAG itu ada "
                "dan terbaca (Import Errors), dan apakah ia menerima run dari tugas."
            )
        raise AirflowTidakMenjawab(
            f"Airflow tidak memastikan run {run_id} dari DAG {dag_id} ({jawab.error.value}, HTTP {status or '-'}). "
            "Yang sudah dibuka tetap; tengokan berikutnya meneruskan."
        )
    raise AirflowTidakMenjawab(
        f"Airflow menjawab permintaan membuka run {run_id} dengan {type(jawab).__name__}, yang tidak dikenal. Periksa "
        "versi Airflow; tengokan berikutnya mencoba lagi."
    )
