"""The watch over open sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperator

from ap2t.galat import BukuMenolak
from ap2t.ledger import sesi
from ap2t.operators.dasar import awalan_log, galat_airflow, pelapor
from ap2t.proses.layanan import Layanan
from ap2t.proses.tutup import hentikan

if TYPE_CHECKING:
    from airflow.sdk import Context


class JagaSesi(BaseOperator):
    """Mark sessions whose run is gone or finished as TERHENTI, so that nobody takes them for running."""

    def execute(self, context: Context) -> int:
        """Look at every open session once; XCom: how many were orphaned."""
        ti = context["ti"]
        lapor = pelapor(self.log, self.task_id)
        yatim = 0
        with galat_airflow(self.log, awalan_log(self.task_id)), Layanan() as layanan:
            with layanan.buku.transaksi() as conn:
                terbuka = sesi.semua_terbuka(conn)
            for s in terbuka:
                if s.status != "BERJALAN":
                    continue
                if ti.get_dr_count(dag_id=s.dag_id, run_ids=[s.run_id], states=["queued", "running"]):
                    continue
                yatim += 1
                try:
                    hentikan(layanan, s.dag_id, s.run_id, "run sudah berhenti tanpa menutup sesi", lapor)
                except BukuMenolak as e:  # its run moved it on meanwhile; the others still want a look
                    lapor(str(e))
            lapor(f"{len(terbuka)} sesi terbuka, {yatim} ditinggal run-nya.")
        return yatim
