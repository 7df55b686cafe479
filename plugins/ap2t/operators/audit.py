"""The daily seal of the trail, as a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperator

from ap2t import setelan
from ap2t.galat import LewatiLangkah
from ap2t.operators.dasar import awalan_log, galat_airflow, pelapor
from ap2t.proses.layanan import Layanan
from ap2t.proses.segel import segel_harian

if TYPE_CHECKING:
    from airflow.sdk import Context


class SegelHarian(BaseOperator):
    """Write today's seal of the trail into ``AP2T_SEGEL_DIR``; does nothing where it stands already.

    The folder is that of the machine the task runs on: with several workers it has to be one shared mount.
    """

    def execute(self, context: Context) -> str | None:
        """Seal; XCom: the line that was written, if one was."""
        lapor = pelapor(self.log, self.task_id)
        with galat_airflow(self.log, awalan_log(self.task_id)):
            folder = setelan.segel_dir()
            if folder is None:
                raise LewatiLangkah(
                    "AP2T_SEGEL_DIR belum diisi: jejak TIDAK disegel di luar basis data, sehingga jejak yang ditulis "
                    "ulang seluruhnya tidak akan ketahuan. Isi dengan folder di luar server basis data."
                )
            with Layanan() as layanan:
                baru = segel_harian(layanan, folder, lapor)
        return baru.baris if baru else None
