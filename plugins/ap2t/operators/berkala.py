"""The tasks that run by the clock: schedule, watch, copy of Airflow's events, seal, notifications."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowSkipException

from ap2t import koneksi, metrik, setelan
from ap2t.audit.segel import segel_harian
from ap2t.galat import GalatPengesahan, LewatiLangkah, MasukanTidakSah, WewenangKurang
from ap2t.jadwal.tengok import Pengaturan, baris_uji, tengok_jadwal, uji_coba
from ap2t.operators.buka_run import buka_run
from ap2t.operators.dasar import alamat_tautan, awalan_log, galat_airflow, pelapor, run_hidup
from ap2t.pemberitahuan.antar import SERENTAK, antarkan
from ap2t.pemberitahuan.susun import kumpulkan, muat_aturan
from ap2t.penjaga.kesehatan import lihat_kesehatan
from ap2t.penjaga.metrik import semua
from ap2t.penjaga.peristiwa import salin_peristiwa
from ap2t.penjaga.tenggat import jaga_sesi
from ap2t.proses.kembalikan import kembalikan_sisa
from ap2t.proses.layanan import Lapor, Layanan

if TYPE_CHECKING:
    from airflow.sdk import Context

TERJADWAL = "scheduled"


class OperatorBerkala(BaseOperator):
    """A task of the clock's, with services but no session."""

    koneksi_maks: ClassVar[int] = 4
    """Connections to the ledger at once."""

    def execute(self, context: Context) -> Any:
        """Do one round. XCom: what it gives back."""
        with galat_airflow(self.log, awalan_log(self.task_id)), Layanan(koneksi_maks=self.koneksi_maks) as layanan:
            return self.putaran(context, layanan, pelapor(self.log, self.task_id))

    def putaran(self, context: Context, layanan: Layanan, lapor: Lapor) -> Any:
        """Do one round."""
        raise NotImplementedError


class TengokJadwal(OperatorBerkala):
    """Look once at all that is due and open what is ready. Started by a person it only tells what it would do.

    Runs it opens inherit who started this one. Started by a person it would open every unit's runs in that one's name.
    """

    def putaran(self, context: Context, layanan: Layanan, lapor: Lapor) -> dict[str, int]:
        """Look. XCom: how many were due, opened, left to the next look, waiting, late."""
        jenis = context["dag_run"].run_type
        if getattr(jenis, "value", jenis) == TERJADWAL:
            laporan = asdict(tengok_jadwal(layanan, buka_run, lapor))
            return {kunci: nilai for kunci, nilai in laporan.items() if isinstance(nilai, int)}
        if context["params"].get("uji_coba") is not True:
            raise WewenangKurang(
                "Jadwal hanya dijalankan oleh jam Airflow. Run yang dimulai orang hanya boleh uji coba: nyalakan "
                "isian Uji coba, atau mulai kelompoknya sendiri dari DAG pengesahannya."
            )
        atur = Pengaturan.berlaku()
        putusan, cacat = uji_coba(layanan, atur)
        lapor(f"UJI COBA: tidak ada yang dibuka atau dicatat. {len(putusan)} kelompok jatuh tempo belum dibuka.")
        for kalimat in baris_uji(putusan, atur.sekali):
            lapor(kalimat)
        for unitup, kalender in cacat:
            lapor(f"CACAT KALENDER unit {unitup} bulan {kalender.thblrek}: {kalender.kalimat}")
        return {"jatuh_tempo": len(putusan), "dibuka": 0, "cacat": len(cacat)}


class JagaSesi(OperatorBerkala):
    """Watch over open sessions: deadlines, runs that are gone, customers ACMT was not told of yet. And measure."""

    def putaran(self, context: Context, layanan: Layanan, lapor: Lapor) -> dict[str, int]:
        """Look at every open session once. XCom: how many were open, late, expired, orphaned, and sent back.

        If one could not be looked after, the task fails after all others were. ACMT or AP2T away fails nothing.
        """
        lihat_kesehatan(layanan, lapor)
        laporan = jaga_sesi(layanan, run_hidup(context), lapor)
        with layanan.buku.transaksi() as tx:
            besar = semua(tx)
        for nama, nilai in besar.items():
            metrik.nilai(nama, nilai)
        metrik.tambah("penjaga.putaran")
        for apa in ("lewat", "kedaluwarsa", "yatim"):
            metrik.tambah(f"penjaga.{apa}", getattr(laporan, apa))
        kembali = kembalikan_sisa(layanan, lapor)
        if laporan.gagal:
            raise GalatPengesahan(f"Sesi yang tidak dapat dijaga: {', '.join(laporan.gagal)}; sebabnya di atas.")
        hitungan = laporan._asdict()
        del hitungan["gagal"]
        return hitungan | kembali


class SalinPeristiwa(OperatorBerkala):
    """Copy into the trail who started, marked, cleared and answered in Airflow, before Airflow may purge it."""

    def putaran(self, context: Context, layanan: Layanan, lapor: Lapor) -> int:
        """Copy what is new. XCom: how many events. Without a user to read with it skips, and says so."""
        if not koneksi.ada(koneksi.AIRFLOW):
            self.log.warning(
                "%s: koneksi airflow_api belum diisi: siapa menandai, mengulang, dan menjawab di Airflow TIDAK disalin "
                "ke jejak. Isi AIRFLOW_CONN_AIRFLOW_API dengan pengguna yang hanya boleh melihat.",
                self.task_id,
            )
            raise AirflowSkipException("koneksi airflow_api belum diisi")
        return salin_peristiwa(layanan, setelan.dag_kita(), lapor)


class SegelHarian(OperatorBerkala):
    """Write today's seal of the trail, once, into ``AP2T_SEGEL_DIR``: a mount that all workers share."""

    def putaran(self, context: Context, layanan: Layanan, lapor: Lapor) -> str | None:
        """Seal. XCom: the line that was written, if one was."""
        folder = setelan.segel_dir()
        if folder is None:
            raise LewatiLangkah(
                "AP2T_SEGEL_DIR belum diisi: jejak TIDAK disegel di luar basis data, sehingga jejak yang ditulis "
                "ulang seluruhnya tidak akan ketahuan. Isi dengan folder di luar server basis data."
            )
        baru = segel_harian(layanan, folder, lapor)
        return baru.baris if baru else None


class Pemberitahuan(OperatorBerkala):
    """Derive notifications from the trail, and send them. A channel in trouble never fails the task."""

    koneksi_maks = SERENTAK + 2

    def putaran(self, context: Context, layanan: Layanan, lapor: Lapor) -> dict[str, int]:
        """Return (XCom) how many rows were written, and how many messages had which outcome."""
        from ap2t.operators.saluran import buat_pembawa  # not while DAG files are parsed: Apprise is large

        tertulis = 0
        try:
            aturan = muat_aturan(setelan.pemberitahuan_berkas())
        except MasukanTidakSah as galat:  # what was written before still goes out, and the trail waits for the file
            self.log.error(
                "%s: kabar baru ditunda, karena AP2T_PEMBERITAHUAN_BERKAS tidak sah. %s", self.task_id, galat
            )
        else:
            tertulis = kumpulkan(layanan, aturan, surel=koneksi.ada(koneksi.SUREL), lapor=lapor)
        alamat = alamat_tautan(self.log, awalan_log(self.task_id))
        return {"tertulis": tertulis, **antarkan(layanan, buat_pembawa, alamat, lapor)}
