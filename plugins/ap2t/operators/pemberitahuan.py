"""Notifications, as a task: what the trail has new goes into the outbox, what is due goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperator

from ap2t import koneksi, setelan
from ap2t.galat import MasukanTidakSah
from ap2t.operators.dasar import alamat_tautan, awalan_log, galat_airflow, pelapor
from ap2t.proses.layanan import Lapor, Layanan
from ap2t.proses.pemberitahuan import kumpulkan, muat_aturan
from ap2t.proses.pengantar import SERENTAK, antarkan

if TYPE_CHECKING:
    from airflow.sdk import Context


class Pemberitahuan(BaseOperator):
    """One round: derive, send. A channel in trouble is told of in the log and never fails the task; the ledger does."""

    def execute(self, context: Context) -> dict[str, int]:
        """Return (XCom) how many rows were written, and how many messages had which outcome."""
        from ap2t.operators.saluran import buat_pembawa  # not while DAG files are parsed: Apprise is large

        lapor = pelapor(self.log, self.task_id)
        with galat_airflow(self.log, awalan_log(self.task_id)), Layanan(koneksi_maks=SERENTAK + 2) as layanan:
            tertulis = self._kumpulkan(layanan, lapor)
            alamat = alamat_tautan(self.log, awalan_log(self.task_id))
            return {"tertulis": tertulis, **antarkan(layanan, buat_pembawa, alamat, lapor)}

    def _kumpulkan(self, layanan: Layanan, lapor: Lapor) -> int:
        try:
            aturan = muat_aturan(setelan.pemberitahuan_berkas())
        except (
            MasukanTidakSah
        ) as e:  # what was written before still goes out; the trail waits for the file to be mended
            self.log.error("%s: kabar baru ditunda, karena AP2T_PEMBERITAHUAN_BERKAS tidak sah. %s", self.task_id, e)
            return 0
        return kumpulkan(layanan, aturan, surel=koneksi.ada(koneksi.SUREL), lapor=lapor)
