"""The tasks of a pengesahan run (SOP 12.1), each one step of :mod:`ap2t.proses`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, BaseOperator

from ap2t import setelan
from ap2t.domain.kode import TahapSesi
from ap2t.operators.dasar import OperatorBuka, OperatorLangkah, langkah_sesi, run_ini
from ap2t.proses.buka import ISIAN, Permintaan
from ap2t.proses.cuplik import ambil_bacaan
from ap2t.proses.layanan import Langkah
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

    def __init__(self, *, hari_baca: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.hari_baca = hari_baca

    def minta(self, context: Context) -> Permintaan:
        """Return what the run asks for."""
        dag_id, run_id = run_ini(context)
        run, params = context["dag_run"], context["params"]
        return Permintaan(
            unitup=params.get("unitup") or "",
            thblrek=params.get("thblrek") or None,
            hari_baca=self.hari_baca,
            dag_id=dag_id,
            run_id=run_id,
            pemicu=run.triggering_user_name,
            terjadwal=getattr(run.run_type, "value", run.run_type) in RUN_TERJADWAL,
            asing=sorted(set(run.conf or {}) - set(ISIAN)),
        )


class AmbilBacaan(OperatorLangkah):
    """Take the snapshot: what is not posted yet goes into the ledger. XCom: how many customers."""

    kerja = staticmethod(ambil_bacaan)


class SaringJamNyala(OperatorLangkah):
    """Compute kWh and jam nyala, and hold back what may not be approved. XCom: counts by outcome and reason."""

    kerja = staticmethod(saring_jam_nyala)


def _rekap(langkah: Langkah) -> str | None:
    buat_rekap(langkah)
    return langkah.sesi.sidik


class Rekap(OperatorLangkah):
    """Compute rekap and digest. XCom: the digest."""

    kerja = staticmethod(_rekap)


def kirim_batch(kirim: Callable[..., None]) -> Callable[[Langkah], str]:
    """Return a step that sends batches as the settings say, and gives back the stage reached."""

    def kerja(langkah: Langkah) -> str:
        kirim(langkah, ukuran=setelan.ukuran_batch(), serentak=setelan.batch_serentak())
        return langkah.sesi.tahap

    return kerja


def cocokkan(banding: Callable[[Langkah], None], apa: str) -> Callable[[Langkah], str]:
    """Return a step that compares with AP2T unless nobody was asked about, and gives back the stage reached.

    :param apa: what would have been done, as a verb, for the log.
    """

    def kerja(langkah: Langkah) -> str:
        if langkah.sesi.tahap == TahapSesi.TERSARING and langkah.sesi.kosong:
            langkah.lapor(f"Tidak ada yang {apa}, jadi tidak ada yang direkonsiliasi.")
        else:
            banding(langkah)
        return langkah.sesi.tahap

    return kerja


class PostingAp2t(OperatorLangkah):
    """Post what the ledger says is approved, as the approver's own AP2T user. Never deferrable. XCom: the stage."""

    mengirim = True
    kerja = staticmethod(kirim_batch(posting_ap2t))


class Rekonsiliasi(OperatorLangkah):
    """Compare AP2T's list with the ledger, row by row. XCom: the stage reached."""

    kerja = staticmethod(cocokkan(rekonsiliasi, "diposting"))


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
