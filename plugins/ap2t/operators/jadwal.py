"""The daily schedule's one task."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from airflow.sdk import BaseOperator

from ap2t.galat import WewenangKurang
from ap2t.operators.buka_run import buka_run
from ap2t.operators.dasar import awalan_log, galat_airflow, pelapor
from ap2t.proses.jadwal import Pengaturan, baris_uji, tengok_jadwal, uji_coba
from ap2t.proses.layanan import Layanan

if TYPE_CHECKING:
    from airflow.sdk import Context

TERJADWAL = "scheduled"


class TengokJadwal(BaseOperator):
    """Look once at all that is due and open what is ready; started by a person it may only tell what it would do.

    Runs it opens inherit who started this one, and only a schedule's own run has no person: one that a person started
    would open every unit's runs in that person's name.
    """

    def execute(self, context: Context) -> dict[str, int]:
        """Look; XCom: how many were due, opened, left to the next look, waiting, late."""
        jenis = context["dag_run"].run_type
        lapor = pelapor(self.log, self.task_id)
        with galat_airflow(self.log, awalan_log(self.task_id)), Layanan() as layanan:
            if getattr(jenis, "value", jenis) == TERJADWAL:
                laporan = asdict(tengok_jadwal(layanan, buka_run, lapor))
                return {k: v for k, v in laporan.items() if isinstance(v, int)}
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
            for unitup, c in cacat:
                lapor(f"CACAT KALENDER unit {unitup} bulan {c.thblrek}: {c.kalimat}")
            return {"jatuh_tempo": len(putusan), "dibuka": 0, "cacat": len(cacat)}
