"""
### Jadwal hari baca

Tiap lima menit, **satu tengokan untuk semua unit**:

- Kelompok **jatuh tempo** sejak hari terakhir pembacaannya menurut kalender baca (`v_jadwal_hari_baca`), dalam zona
  waktu unit (WIB, WITA, WIT). Yang jatuh tempo selagi jadwal mati tetap dibuka kemudian.
- Kelompok jatuh tempo yang **sudah lengkap** (menurut pola unit) dibuka: run pengesahannya dimulai, sekali saja.
- Yang belum lengkap **tidak memakan run yang menunggu**; ia ditengok lagi lima menit kemudian. Sesudah **tenggat** ia
  dibuka juga: run itu menyebut apa yang kurang, dan berjalan sendiri setelah lengkap.
- **Cacat kalender** (kelompok hilang, ganda, bertumpang tindih, diubah sesudah H-1) dicatat untuk unitnya.

Kelompok yang sudah dimulai orang tidak dibuka lagi. Mau melihat lebih dahulu? *Trigger* dengan **Uji coba** menyala:
log tugas menyebut apa yang akan dibuka dan apa yang kurang, tanpa mengubah apa pun. Daftarnya juga ada di halaman
Pengesahan dan `ap2t jadwal lihat`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import DAG, Param

from ap2t.operators.berkala import TengokJadwal
from ap2t.setelan import jadwal_menit, jadwal_nyala

with DAG(
    dag_id="jadwal_hari_baca",
    dag_display_name="Jadwal hari baca",
    description="Membuka pengesahan tiap kelompok yang jatuh tempo, sekali saja, begitu lengkap atau pada tenggatnya",
    doc_md=__doc__,
    schedule=timedelta(minutes=jadwal_menit()),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,  # one look sees all that was missed
    is_paused_upon_creation=not jadwal_nyala(),
    max_active_runs=1,
    tags=["pengesahan", "jadwal"],
    default_args={
        "owner": "spv-te",
        "retries": 2,
        "retry_delay": timedelta(seconds=30),
        "execution_timeout": timedelta(minutes=20),
    },
    params={
        "uji_coba": Param(
            True,
            type="boolean",
            title="Uji coba",
            description="Hanya menyebut apa yang akan dibuka. Run yang dimulai orang harus uji coba.",
        )
    },
) as dag:
    TengokJadwal(task_id="tengok_jadwal", task_display_name="Tengok jadwal")
