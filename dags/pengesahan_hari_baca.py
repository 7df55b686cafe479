"""
### Pengesahan stan meter

Mengesahkan pembacaan meter **satu kelompok hari baca dari satu unit** ke AP2T, setelah SPV TE unit itu menekan
**Sah/Setuju**.

1. **Mulai** dengan tombol *Trigger*: isi kode unit; bulan rekening boleh kosong (menurut kalender baca).
2. Sistem memeriksa kesiapan: semua pelanggan terisi stan, terverifikasi Pengawas dan Admin Vendor, terkirim, fungsi 2
   AP2T terbuka. Yang belum siap disebut idpel-nya di log tugas; sistem menunggu bila diminta.
3. Jam nyala di atas 2000 dan bacaan yang tidak dapat dipakai **ditahan**; sisanya direkap.
4. SPV TE unit membuka tugas *Persetujuan*, membaca rekap, lalu memilih **Sah/Setuju** atau **Tolak**. Pelanggan yang
   ditulis pada *Kembalikan* keluar dari persetujuan, dan verifikasinya di ACMT dihapus supaya diperiksa ulang.
5. Setelah disetujui, bacaan diposting ke AP2T (posting 1) dengan pengguna AP2T milik penyetuju, lalu dicocokkan baris
   demi baris. *Tutup sesi* menampilkan "Sukses" dengan jumlahnya, dan memperbarui aset `ap2t://pengesahan`.

Bila sebuah tugas gagal, cari baris **GAGAL** di log-nya: tertulis apa yang salah dan apa yang harus dilakukan. Sesudah
diperbaiki, *clear* tugas yang gagal; tidak ada yang diposting dua kali.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, Param, TaskGroup, get_parsing_context

from ap2t.operators.dasar import DAG_ORANG, TETAP_JALAN
from ap2t.operators.pengesahan import (
    ASET_PENGESAHAN,
    AmbilBacaan,
    BukaSesi,
    PostingAp2t,
    Rekap,
    Rekonsiliasi,
    SaringJamNyala,
    TutupSesi,
)
from ap2t.sensors.kesiapan import KesiapanSensor
from ap2t.sensors.persetujuan import PersetujuanSensor
from ap2t.setelan import kelompok


def buat_dag(kode: str) -> DAG:
    """Build the DAG of one kelompok hari baca."""
    with DAG(
        dag_id=f"pengesahan_hari_baca_{kode.lower()}",
        dag_display_name=f"Pengesahan hari baca {kode}",
        description=f"Mengesahkan stan meter kelompok hari baca {kode} satu unit ke AP2T, dengan persetujuan SPV TE",
        doc_md=__doc__,
        tags=["pengesahan", f"hari-baca-{kode}"],
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
                None,
                type=["null", "string"],
                title="Bulan rekening (thblrek)",
                description="Enam angka TTTTBB, misalnya 202606. Kosongkan untuk bulan yang sedang dibaca.",
            ),
            "tunggu_kesiapan": Param(
                True,
                type="boolean",
                title="Tunggu sampai siap",
                description="Nyala: menunggu sampai semua siap. Mati: langsung gagal dan menyebut apa yang kurang.",
            ),
        },
    ) as dag:
        buka = BukaSesi(task_id="buka_sesi", task_display_name="Buka sesi", hari_baca=kode)
        with TaskGroup("kesiapan", group_display_name="Kesiapan", tooltip="Syarat sebelum boleh disahkan") as siap:
            (
                KesiapanSensor(task_id="stan_terisi", task_display_name="Stan terisi", apa="STAN_TERISI")
                >> KesiapanSensor(task_id="terverifikasi", task_display_name="Terverifikasi", apa="TERVERIFIKASI")
                >> KesiapanSensor(task_id="terkirim", task_display_name="Terkirim ke AP2T", apa="TERKIRIM")
                >> KesiapanSensor(
                    task_id="fungsi2_terbuka", task_display_name="Fungsi 2 terbuka", apa="FUNGSI2_TERBUKA"
                )
            )
        ambil = AmbilBacaan(task_id="ambil_bacaan", task_display_name="Ambil bacaan")
        saring = SaringJamNyala(task_id="saring_jam_nyala", task_display_name="Saring jam nyala")
        rekap = Rekap(task_id="rekap", task_display_name="Rekap")
        setuju = PersetujuanSensor(task_id="persetujuan", task_display_name="Persetujuan", urutan=1)
        kedua = PersetujuanSensor(
            task_id="persetujuan_kedua", task_display_name="Persetujuan kedua", urutan=2, trigger_rule=TETAP_JALAN
        )
        posting = PostingAp2t(
            task_id="posting_ap2t",
            task_display_name="Posting ke AP2T",
            pool="ap2t_posting",
            retry_delay=timedelta(seconds=30),
            trigger_rule=TETAP_JALAN,
        )
        cocok = Rekonsiliasi(task_id="rekonsiliasi", task_display_name="Rekonsiliasi", trigger_rule=TETAP_JALAN)
        tutup = TutupSesi(
            task_id="tutup_sesi", task_display_name="Tutup sesi", trigger_rule=TETAP_JALAN, outlets=[ASET_PENGESAHAN]
        )
        buka >> siap >> ambil >> saring >> rekap >> setuju >> kedua >> posting >> cocok >> tutup
    return dag


_diminta = get_parsing_context().dag_id  # a task's process builds its own DAG only

for _kode in kelompok():
    if _diminta in (None, f"pengesahan_hari_baca_{_kode.lower()}"):
        _dag = buat_dag(_kode)
        globals()[_dag.dag_id] = _dag
