"""
### Penjaga sesi

Tiap lima menit melihat sesi yang masih terbuka. Sesi yang run-nya sudah berhenti tanpa menutupnya (proses mati, run
dihapus) ditandai **TERHENTI**, sehingga jelas bahwa run baru boleh mengambil alih kelompok itu.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG

from ap2t.operators.penjaga import JagaSesi

with DAG(
    dag_id="penjaga_sesi",
    dag_display_name="Penjaga sesi",
    description="Menandai sesi pengesahan yang ditinggal run-nya",
    doc_md=__doc__,
    schedule=timedelta(minutes=5),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    is_paused_upon_creation=False,
    max_active_runs=1,
    tags=["pengesahan", "penjaga"],
    default_args={"owner": "spv-te", "retries": 1, "retry_delay": timedelta(seconds=30)},
):
    JagaSesi(task_id="jaga_sesi", task_display_name="Jaga sesi", execution_timeout=timedelta(minutes=4))
