"""
### Pemberitahuan

Tiap dua menit: kejadian baru pada jejak buku pengesahan (gerbang dibuka, tenggat lewat, Sukses, ditolak, kedaluwarsa,
terhenti, pembatalan, kelompok belum siap, kalender cacat) ditulis sekali bagi tiap penerima dan saluran, begitu pula
pengingat bagi gerbang yang separuh waktunya lewat; yang belum terkirim lalu dikirim lewat surel (koneksi
`smtp_default`) dan saluran Apprise (`apprise_<nama>`) menurut berkas `AP2T_PEMBERITAHUAN_BERKAS`.

Saluran yang rusak tidak pernah mengganggu run maupun saluran lain: pesannya dicoba lagi makin jarang, dan sesudah
sehari tidak dicoba lagi. Lihat `ap2t pemberitahuan lihat --gagal`. Tanpa saluran, tidak ada yang dikirim.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG

from ap2t.operators.berkala import Pemberitahuan

with DAG(
    dag_id="pemberitahuan",
    dag_display_name="Pemberitahuan",
    description="Mengabarkan gerbang, tenggat, hasil dan kegagalan lewat surel dan saluran Apprise",
    doc_md=__doc__,
    schedule=timedelta(minutes=2),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    is_paused_upon_creation=False,
    max_active_runs=1,
    tags=["pengesahan", "pemberitahuan"],
    default_args={
        "owner": "spv-te",
        "retries": 1,
        "retry_delay": timedelta(seconds=30),
        "execution_timeout": timedelta(minutes=4),
    },
) as dag:
    Pemberitahuan(task_id="kirim_pemberitahuan", task_display_name="Kirim pemberitahuan")
