"""Waits until a stage of readiness holds (SOP 12.1, rule 2). Waiting holds no worker slot."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseSensorOperator

from ap2t import setelan
from ap2t.domain.kode import TahapSesi
from ap2t.galat import BelumSiap
from ap2t.operators.dasar import langkah_sesi
from ap2t.proses.kesiapan import FUNGSI2, tengok_sesi
from ap2t.triggers.kesiapan import KesiapanTrigger

if TYPE_CHECKING:
    from airflow.sdk import Context


class KesiapanSensor(BaseSensorOperator):
    """Look once in the task. If the stage does not hold yet, wait in the triggerer.

    With ``tunggu_kesiapan`` off the run fails at once and says what is missing.

    :param apa: a stage name of :mod:`ap2t.proses.kesiapan`.
    """

    def __init__(self, *, apa: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.apa = apa

    def execute(self, context: Context) -> None:
        """Look, then go on, fail, or wait."""
        with langkah_sesi(context, self.log) as langkah:
            layanan, sesi, lapor = langkah.layanan, langkah.sesi, langkah.lapor
            if sesi.sudah(TahapSesi.MENUNGGU_PERSETUJUAN) and self.apa != FUNGSI2:
                # whom its own approver sent back is not verified any more, and would be waited for without end
                lapor(
                    "Bacaan sesi ini sudah ditunjukkan kepada pengesah dan dibekukan; kesiapannya tidak ditunggu lagi."
                )
                return
            hasil = tengok_sesi(layanan, sesi, self.apa)
            lapor(hasil.kalimat)
            if hasil.siap:
                return
            if not context["params"].get("tunggu_kesiapan", True):
                raise BelumSiap(f"Belum siap dan run ini diminta tidak menunggu. {hasil.kalimat}")
            jeda = setelan.jeda_tengok()
            batas = timedelta(hours=setelan.batas_tunggu_jam())  # kept by the trigger; Airflow's own comes later
            lapor(f"Ditunggu: ditengok tiap {jeda} detik, paling lama {setelan.batas_tunggu_jam()} jam.")
        self.defer(
            trigger=KesiapanTrigger(
                nomor=sesi.nomor,
                **sesi.tempat._asdict(),
                pola=sesi.pola,
                apa=self.apa,
                pilihan=list(sesi.aturan.ketentuan.pilihan),
                jeda=jeda,
                batas=int(batas.total_seconds()),
            ),
            method_name="selesai",
            timeout=batas + timedelta(minutes=30),
        )

    def selesai(self, context: Context, event: dict[str, Any] | None = None) -> None:
        """Take up what the triggerer saw."""
        hasil = event or {"siap": False, "kalimat": "Kesiapan tidak tercapai."}
        with langkah_sesi(context, self.log) as langkah:
            if not hasil["siap"]:
                raise BelumSiap(hasil["kalimat"])
            langkah.lapor(hasil["kalimat"])
