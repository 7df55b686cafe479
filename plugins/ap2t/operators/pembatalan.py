"""The tasks of a pembatalan run, each one step of :mod:`ap2t.proses`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperator

from ap2t import setelan
from ap2t.domain.kode import TahapSesi
from ap2t.operators.dasar import awalan_log, galat_airflow, ikat_log, langkah_sesi, pelapor, run_hidup, run_ini
from ap2t.proses.batalkan import batalkan_ap2t, rekonsiliasi_pembatalan
from ap2t.proses.buka import ISIAN_PEMBATALAN, Permintaan, buka_sesi
from ap2t.proses.isian import IsianPembatalan
from ap2t.proses.layanan import Layanan
from ap2t.proses.pembatalan import susun_pembatalan

if TYPE_CHECKING:
    from airflow.sdk import Context


class BukaPembatalan(BaseOperator):
    """Open the run's session, and work out what can be cancelled. XCom: the session's number."""

    def execute(self, context: Context) -> str:
        """Open the session, or find it again. Then write its snapshot and digest."""
        dag_id, run_id = run_ini(context)
        run, params = context["dag_run"], context["params"]
        minta = Permintaan(
            unitup=params.get("unitup") or "",
            thblrek=params.get("thblrek") or None,
            hari_baca=params.get("hari_baca") or "",
            dag_id=dag_id,
            run_id=run_id,
            pemicu=run.triggering_user_name,
            terjadwal=False,  # a person cancels
            asing=sorted(set(run.conf or {}) - set(ISIAN_PEMBATALAN)),
            batal=IsianPembatalan(*(params.get(nama) for nama in IsianPembatalan._fields)),
        )
        with galat_airflow(self.log, awalan_log(self.task_id)), Layanan() as layanan:
            sesi = buka_sesi(layanan, minta, run_hidup(context), pelapor(self.log, self.task_id))
        ikat_log(self.task_id, sesi.nomor)
        with langkah_sesi(context, self.log) as langkah:
            susun_pembatalan(langkah)
        return sesi.nomor


class BatalkanAp2t(BaseOperator):
    """Cancel what the ledger says is approved for it, as the approver's own AP2T user. Never deferrable."""

    def execute(self, context: Context) -> str:
        """Send the batches. XCom: the stage reached."""
        serentak = setelan.batch_serentak()
        with langkah_sesi(context, self.log, koneksi_maks=serentak + 2) as langkah:
            batalkan_ap2t(langkah, ukuran=setelan.ukuran_batch(), serentak=serentak)
            return langkah.sesi.tahap


class RekonsiliasiPembatalan(BaseOperator):
    """Compare AP2T's list with the rows that were cancelled."""

    def execute(self, context: Context) -> str:
        """Reconcile. XCom: the stage reached."""
        with langkah_sesi(context, self.log) as langkah:
            if langkah.sesi.tahap == TahapSesi.TERSARING and langkah.sesi.kosong:
                langkah.lapor("Tidak ada yang dibatalkan, jadi tidak ada yang direkonsiliasi.")
            else:
                rekonsiliasi_pembatalan(langkah)
            return langkah.sesi.tahap
