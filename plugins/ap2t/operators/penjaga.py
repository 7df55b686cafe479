"""The watch over open sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperator

from ap2t.galat import GalatPengesahan
from ap2t.operators.dasar import awalan_log, galat_airflow, pelapor
from ap2t.proses.jaga import jaga_sesi
from ap2t.proses.layanan import Layanan

if TYPE_CHECKING:
    from airflow.sdk import Context


class JagaSesi(BaseOperator):
    """Keep the deadlines of waiting sessions, and mark sessions whose run is gone as TERHENTI."""

    def execute(self, context: Context) -> dict[str, int]:
        """Look at every open session once; XCom: how many were open, late, expired, orphaned.

        The task fails, after all were looked at, if one could not be looked after.
        """
        ti = context["ti"]

        def hidup(dag_id: str, run_id: str) -> bool:
            return bool(ti.get_dr_count(dag_id=dag_id, run_ids=[run_id], states=["queued", "running"]))

        with galat_airflow(self.log, awalan_log(self.task_id)), Layanan() as layanan:
            laporan = jaga_sesi(layanan, hidup, pelapor(self.log, self.task_id))
            if laporan.gagal:
                raise GalatPengesahan(f"Sesi yang tidak dapat dijaga: {', '.join(laporan.gagal)}; sebabnya di atas.")
        hitungan = laporan._asdict()
        del hitungan["gagal"]
        return hitungan
