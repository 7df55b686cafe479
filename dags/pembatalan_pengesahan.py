"""
### Pembatalan pengesahan

Membatalkan pengesahan pelanggan **satu kelompok hari baca dari satu unit** di AP2T (posting 1 menjadi 0), setelah SPV
TE unit itu menekan **Sah/Setuju**. Pelanggan yang dibatalkan kembali *belum disahkan* dan dapat disahkan lagi.

1. **Mulai** dengan tombol *Trigger*: isi unit, bulan rekening, kelompok, **cakupan** (harus dipilih), daftar idpel bila
   cakupannya *daftar*, dan alasan.
2. Sistem melihat daftar AP2T: yang posting 1 dapat dibatalkan. Yang sudah naik ke fungsi 3 (Suplai Stan), belum
   disahkan, atau bukan pelanggan kelompok ini disebut satu per satu di log dan tidak menghalangi yang lain.
3. SPV TE unit membuka tugas *Persetujuan*, membaca berapa pelanggan dan putaran mana yang dibatalkan, lalu memilih
   **Sah/Setuju** atau **Tolak**.
4. Setelah disetujui, pembatalan dikirim ke AP2T dengan pengguna AP2T milik penyetuju, lalu dicocokkan baris demi baris.
   *Tutup pembatalan* menampilkan "Sukses" dengan jumlahnya.

Bila sebuah tugas gagal, cari baris **GAGAL** di log-nya: tertulis apa yang salah dan apa yang harus dilakukan. Sesudah
diperbaiki, *clear* tugas yang gagal; tidak ada yang dibatalkan dua kali.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, Param

from ap2t.operators.dasar import DAG_ORANG, TETAP_JALAN
from ap2t.operators.pembatalan import BatalkanAp2t, BukaPembatalan, RekonsiliasiPembatalan
from ap2t.operators.pengesahan import TutupSesi
from ap2t.sensors.persetujuan import PersetujuanSensor
from ap2t.setelan import kelompok

with DAG(
    dag_id="pembatalan_pengesahan",
    dag_display_name="Pembatalan pengesahan",
    description="Membatalkan pengesahan satu kelompok hari baca satu unit di AP2T, dengan persetujuan SPV TE",
    doc_md=__doc__,
    tags=["pengesahan", "pembatalan"],
    schedule=None,
    **DAG_ORANG,
    params={
        "unitup": Param(
            "",
            type="string",
            title="Kode unit (unitup)",
            description="Lima angka, misalnya 54110. Anda harus petugas unit ini.",
        ),
        "thblrek": Param(
            "",
            type="string",
            title="Bulan rekening (thblrek)",
            description="Enam angka TTTTBB, misalnya 202606. Harus diisi.",
        ),
        "hari_baca": Param(
            type="string",
            enum=list(kelompok()),
            title="Kelompok hari baca",
            description="Kelompok yang pengesahannya dibatalkan.",
        ),
        "cakupan": Param(  # no default: the person has to choose
            type="string",
            enum=["daftar", "semua"],
            values_display={
                "daftar": "daftar: hanya idpel yang ditulis di bawah",
                "semua": "semua: seluruh pelanggan kelompok yang sudah disahkan",
            },
            title="Cakupan",
            description="Harus dipilih.",
        ),
        "idpel": Param(
            None,
            type=["null", "array"],  # without "items" Airflow shows a text area, one value a line
            title="Daftar idpel",
            description="Untuk cakupan daftar: satu idpel (12 angka) per baris. Untuk cakupan semua: kosongkan.",
        ),
        "alasan": Param(
            type="string",
            minLength=10,
            maxLength=500,
            format="multiline",
            title="Alasan",
            description="10 sampai 500 huruf; dikirim ke AP2T dan tercatat. Jangan tulis nama atau stan: pengguna lain "
            "dapat membaca.",
        ),
    },
) as dag:
    (
        BukaPembatalan(task_id="buka_pembatalan", task_display_name="Buka pembatalan")
        >> PersetujuanSensor(task_id="persetujuan", task_display_name="Persetujuan", urutan=1, jenis="PEMBATALAN")
        >> BatalkanAp2t(
            task_id="batalkan_ap2t",
            task_display_name="Batalkan di AP2T",
            pool="ap2t_posting",
            retry_delay=timedelta(seconds=30),
            trigger_rule=TETAP_JALAN,
        )
        >> RekonsiliasiPembatalan(task_id="rekonsiliasi", task_display_name="Rekonsiliasi", trigger_rule=TETAP_JALAN)
        >> TutupSesi(task_id="tutup_pembatalan", task_display_name="Tutup pembatalan", trigger_rule=TETAP_JALAN)
    )
