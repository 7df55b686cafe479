"""Copies Airflow's own event log of our DAGs into the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowSkipException

from ap2t import koneksi, setelan
from ap2t.operators.dasar import awalan_log, galat_airflow, pelapor
from ap2t.proses.layanan import Layanan
from ap2t.proses.peristiwa import salin_peristiwa

if TYPE_CHECKING:
    from airflow.sdk import Context


class SalinPeristiwa(BaseOperator):
    """Who started, marked, cleared, answered: into the trail, before Airflow may purge it; XCom: how many events."""

    def execute(self, context: Context) -> int:
        """Copy what is new; skip, saying so, where nobody gave us a user to read with."""
        if not koneksi.ada(koneksi.AIRFLOW):
            self.log.warning(
                "%s: koneksi airflow_api belum diisi: siapa menandai, mengulang, dan menjawab di Airflow TIDAK disalin "
                "ke jejak. Isi AIRFLOW_CONN_AIRFLOW_API dengan pengguna yang hanya boleh melihat.",
                self.task_id,
            )
            raise AirflowSkipException("koneksi airflow_api belum diisi")
        with galat_airflow(self.log, awalan_log(self.task_id)), Layanan() as layanan:
            return salin_peristiwa(layanan, setelan.dag_kita(), pelapor(self.log, self.task_id))
