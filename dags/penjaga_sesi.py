"""
### Penjaga sesi

Tiap lima menit:

- **Jaga sesi**: sesi yang run-nya sudah berhenti tanpa menutupnya ditandai **TERHENTI**, sehingga jelas bahwa run baru
  boleh mengambil alih kelompok itu. Gerbang yang lewat tenggat unitnya diteruskan kepada orang yang ditunjuk; yang
  lewat batas tutupnya berakhir **KEDALUWARSA**. Tidak ada yang pernah disahkan karena waktu habis. Pelanggan yang
  dikembalikan pengesah tetapi belum sempat dikembalikan di ACMT dicoba lagi. Bila ACMT, buku, atau AP2T tidak menjawab,
  lognya menyebut sejak kapan; langkah ini sendiri tidak gagal karenanya.
- **Salin peristiwa Airflow**: siapa memulai, menandai, mengulang (*clear*), dan menjawab disalin ke jejak buku
  pengesahan.
- **Segel harian**: sidik jejak terakhir ditulis ke luar basis data, sekali sehari. Auditor memeriksanya dengan
  `ap2t audit verifikasi`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

from ap2t.operators.berkala import JagaSesi, SalinPeristiwa, SegelHarian

BATAS = timedelta(minutes=4)

with DAG(
    dag_id="penjaga_sesi",
    dag_display_name="Penjaga sesi",
    description="Tenggat dan sesi yang ditinggal run-nya; peristiwa Airflow dan segel harian untuk jejak",
    doc_md=__doc__,
    schedule=timedelta(minutes=5),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    is_paused_upon_creation=False,
    max_active_runs=1,
    tags=["pengesahan", "penjaga"],
    default_args={"owner": "spv-te", "retries": 1, "retry_delay": timedelta(seconds=30), "execution_timeout": BATAS},
) as dag:
    jaga = JagaSesi(task_id="jaga_sesi", task_display_name="Jaga sesi")
    salin = SalinPeristiwa(task_id="salin_peristiwa", task_display_name="Salin peristiwa Airflow")
    segel = SegelHarian(task_id="segel_harian", task_display_name="Segel harian", trigger_rule="all_done")
    # A run is judged by its last tasks: without this one a copy that failed would stand behind a green run.
    beres = EmptyOperator(task_id="beres", task_display_name="Beres", trigger_rule="none_failed")
    salin >> segel
    [jaga, salin, segel] >> beres
