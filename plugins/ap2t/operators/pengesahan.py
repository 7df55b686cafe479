"""The tasks of a pengesahan run (SOP 12.1), each one step of :mod:`ap2t.proses`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, BaseOperator

from ap2t import setelan
from ap2t.domain.kode import TahapSesi
from ap2t.operators.dasar import awalan_log, galat_airflow, ikat_log, langkah_sesi, pelapor, run_hidup, run_ini
from ap2t.proses.buka import ISIAN, Permintaan, buka_sesi
from ap2t.proses.cuplik import ambil_bacaan
from ap2t.proses.layanan import Layanan
from ap2t.proses.posting import posting_ap2t
from ap2t.proses.rekap import buat_rekap
from ap2t.proses.rekonsiliasi import rekonsiliasi
from ap2t.proses.saring import saring_jam_nyala
from ap2t.proses.tutup import tutup_sesi, yang_disahkan

if TYPE_CHECKING:
    from airflow.sdk import Context

RUN_TERJADWAL = {"scheduled", "operator_triggered"}
ASET_PENGESAHAN = Asset("ap2t://pengesahan")
"""What a pengesahan that ended well updates: one partition a kelompok, ``unitup|thblrek|hari_baca``."""


class BukaSesi(BaseOperator):
    """Check the run's parameters and open its session. XCom: the session's number.

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
    """Take the snapshot. XCom: how many customers."""

    def execute(self, context: Context) -> int:
        """Stream the readings that are not posted yet into the ledger."""
        with langkah_sesi(context, self.log) as langkah:
            return ambil_bacaan(langkah)


class SaringJamNyala(BaseOperator):
    """Sieve the snapshot. XCom: counts by outcome and reason."""

    def execute(self, context: Context) -> dict[str, int]:
        """Compute kWh and jam nyala and hold back what may not be approved."""
        with langkah_sesi(context, self.log) as langkah:
            return saring_jam_nyala(langkah)


class Rekap(BaseOperator):
    """Compute rekap and digest. XCom: the digest."""

    def execute(self, context: Context) -> str | None:
        """Write the rekap into the ledger."""
        with langkah_sesi(context, self.log) as langkah:
            buat_rekap(langkah)
            return langkah.sesi.sidik


class PostingAp2t(BaseOperator):
    """Post what the ledger says is approved, as the approver's own AP2T user. Never deferrable."""

    def execute(self, context: Context) -> str:
        """Send the batches. XCom: the stage reached."""
        serentak = setelan.batch_serentak()
        with langkah_sesi(context, self.log, koneksi_maks=serentak + 2) as langkah:
            posting_ap2t(langkah, ukuran=setelan.ukuran_batch(), serentak=serentak)
            return langkah.sesi.tahap


class Rekonsiliasi(BaseOperator):
    """Compare AP2T's list with the ledger, row by row."""

    def execute(self, context: Context) -> str:
        """Reconcile. XCom: the stage reached."""
        with langkah_sesi(context, self.log) as langkah:
            if langkah.sesi.tahap == TahapSesi.TERSARING and langkah.sesi.kosong:
                langkah.lapor("Tidak ada yang diposting, jadi tidak ada yang direkonsiliasi.")
            else:
                rekonsiliasi(langkah)
            return langkah.sesi.tahap


class TutupSesi(BaseOperator):
    """End the session. XCom: the closing sentence.

    Where the DAG names :data:`ASET_PENGESAHAN` as an outlet, its event tells which kelompok was approved and how many
    customers. A session that approved nobody emits none. The event comes at least once: a task that is cleared after
    the session has ended emits it again, with the same ``sesi``.
    """

    def execute(self, context: Context) -> str:
        """Close, or say why the session ended before."""
        with langkah_sesi(context, self.log, lewati_bila_berakhir=False) as langkah:
            kalimat = tutup_sesi(langkah)
            disahkan = yang_disahkan(langkah) if self.outlets else None
        if disahkan is None:
            self.outlets = []  # else Airflow would tell of an update wherever this task succeeds
            return kalimat
        sesi = langkah.sesi
        kejadian = context["outlet_events"][ASET_PENGESAHAN]
        kejadian.add_partitions("|".join(sesi.tempat))
        kejadian.extra.update(sesi.tempat._asdict() | {"sesi": sesi.nomor} | disahkan._asdict())
        return kalimat
