"""The tasks of a pengesahan run (SOP 12.1), each one step of :mod:`ap2t.proses`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, BaseOperator

from ap2t.operators.dasar import OperatorBuka, OperatorLangkah, langkah_sesi
from ap2t.proses.buka import ISIAN, Permintaan
from ap2t.proses.cuplik import ambil_bacaan
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


class BukaSesi(OperatorBuka):
    """Check the run's parameters and open its session. XCom: the session's number.

    :param hari_baca: the kelompok this DAG is for.
    """

    isian = ISIAN

    def __init__(self, *, hari_baca: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.hari_baca = hari_baca

    def minta(self, context: Context) -> Permintaan:
        """Return what the run asks for."""
        jenis = context["dag_run"].run_type
        terjadwal = getattr(jenis, "value", jenis) in RUN_TERJADWAL
        return super().minta(context)._replace(hari_baca=self.hari_baca, terjadwal=terjadwal)


class AmbilBacaan(OperatorLangkah):
    """Take the snapshot: what is not posted yet goes into the ledger. XCom: how many customers."""

    kerja = staticmethod(ambil_bacaan)


class SaringJamNyala(OperatorLangkah):
    """Compute kWh and jam nyala, and hold back what may not be approved. XCom: counts by outcome and reason."""

    kerja = staticmethod(saring_jam_nyala)


class Rekap(OperatorLangkah):
    """Compute rekap and digest. XCom: the digest."""

    kerja = staticmethod(buat_rekap)


class PostingAp2t(OperatorLangkah):
    """Post what the ledger says is approved, as the approver's own AP2T user. Never deferrable. XCom: the stage."""

    mengirim = True
    kerja = staticmethod(posting_ap2t)


class Rekonsiliasi(OperatorLangkah):
    """Compare AP2T's list with the ledger, row by row. XCom: the stage reached."""

    kerja = staticmethod(rekonsiliasi)


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
