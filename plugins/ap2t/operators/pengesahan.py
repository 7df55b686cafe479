"""The tasks of a pengesahan run (SOP 12.1), each one step of :mod:`ap2t.proses`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from ap2t import setelan
from ap2t.operators.dasar import awalan_log, galat_airflow, ikat_log, langkah_sesi, pelapor, run_hidup, run_ini
from ap2t.proses.buka import ISIAN, Permintaan, buka_sesi
from ap2t.proses.cuplik import ambil_bacaan
from ap2t.proses.layanan import Layanan
from ap2t.proses.posting import posting_ap2t
from ap2t.proses.rekap import buat_rekap
from ap2t.proses.rekonsiliasi import rekonsiliasi
from ap2t.proses.saring import saring_jam_nyala
from ap2t.proses.tutup import tutup_sesi

if TYPE_CHECKING:
    from airflow.providers.openlineage.extractors import OperatorLineage
    from airflow.sdk import Context
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

RUN_TERJADWAL = {"scheduled", "operator_triggered"}


class BukaSesi(BaseOperator):
    """Check the run's parameters and open its session; XCom: the session's number.

    :param hari_baca: the kelompok this DAG is for.
    """

    def __init__(self, *, hari_baca: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.hari_baca = hari_baca

    def execute(self, context: Context) -> str:
        """Open the session, or find it again."""
        dag_id, run_id = run_ini(context)
        run = context["dag_run"]
        with galat_airflow(self.log, awalan_log(self.task_id)), Layanan() as layanan:
            params = context["params"]
            minta = Permintaan(
                unitup=params.get("unitup") or "",
                thblrek=params.get("thblrek") or None,
                hari_baca=self.hari_baca,
                dag_id=dag_id,
                run_id=run_id,
                pemicu=run.triggering_user_name,
                terjadwal=getattr(run.run_type, "value", run.run_type) in RUN_TERJADWAL,
                asing=sorted(set(run.conf or {}) - set(ISIAN)),
            )
            nomor = buka_sesi(layanan, minta, run_hidup(context), pelapor(self.log, self.task_id)).nomor
        ikat_log(self.task_id, nomor)
        return nomor


class AmbilBacaan(BaseOperator):
    """Take the snapshot; XCom: how many customers."""

    def execute(self, context: Context) -> int:
        """Stream the readings that are not posted yet into the ledger."""
        with langkah_sesi(context, self.log) as (layanan, sesi, lapor):
            return ambil_bacaan(layanan, sesi, lapor)

    def get_openlineage_facets_on_complete(self, task_instance: RuntimeTaskInstance) -> OperatorLineage[Any, Any]:
        """Say what was read and written; Airflow asks only where OpenLineage is switched on."""
        from ap2t.operators import silsilah

        return silsilah.ambil_bacaan(task_instance)


class SaringJamNyala(BaseOperator):
    """Sieve the snapshot; XCom: counts by outcome and reason."""

    def execute(self, context: Context) -> dict[str, int]:
        """Compute kWh and jam nyala and hold back what may not be approved."""
        with langkah_sesi(context, self.log) as (layanan, sesi, lapor):
            return saring_jam_nyala(layanan, sesi, lapor)


class Rekap(BaseOperator):
    """Compute rekap and digest; XCom: the digest."""

    def execute(self, context: Context) -> str | None:
        """Write the rekap into the ledger."""
        with langkah_sesi(context, self.log) as (layanan, sesi, lapor):
            return buat_rekap(layanan, sesi, lapor).sidik


class PostingAp2t(BaseOperator):
    """Post what the ledger says is approved, as the approver's own AP2T user. Never deferrable."""

    def execute(self, context: Context) -> str:
        """Send the batches; XCom: the stage reached."""
        serentak = setelan.batch_serentak()
        with langkah_sesi(context, self.log, koneksi_maks=serentak + 2) as (layanan, sesi, lapor):
            return posting_ap2t(layanan, sesi, lapor, ukuran=setelan.ukuran_batch(), serentak=serentak).tahap

    def get_openlineage_facets_on_complete(self, task_instance: RuntimeTaskInstance) -> OperatorLineage[Any, Any]:
        """Say what was read and written; Airflow asks only where OpenLineage is switched on."""
        from ap2t.operators import silsilah

        return silsilah.posting(task_instance)


class Rekonsiliasi(BaseOperator):
    """Compare AP2T's list with the ledger, row by row."""

    def execute(self, context: Context) -> str:
        """Reconcile; XCom: the stage reached."""
        with langkah_sesi(context, self.log) as (layanan, sesi, lapor):
            if sesi.tahap == "TERSARING" and sesi.kosong:
                lapor("Tidak ada yang diposting, jadi tidak ada yang direkonsiliasi.")
                return sesi.tahap
            return rekonsiliasi(layanan, sesi, lapor).tahap


class TutupSesi(BaseOperator):
    """End the session; XCom: the closing sentence."""

    def execute(self, context: Context) -> str:
        """Close, or say why the session ended before."""
        with langkah_sesi(context, self.log, lewati_bila_berakhir=False) as (layanan, sesi, lapor):
            return tutup_sesi(layanan, sesi, lapor)
