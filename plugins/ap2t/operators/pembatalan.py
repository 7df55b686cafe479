"""The tasks of a pembatalan run, each one step of :mod:`ap2t.proses`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ap2t.operators.dasar import OperatorBuka, OperatorLangkah, run_ini
from ap2t.operators.pengesahan import cocokkan, kirim_batch
from ap2t.proses.batalkan import batalkan_ap2t, rekonsiliasi_pembatalan
from ap2t.proses.buka import ISIAN_PEMBATALAN, Permintaan
from ap2t.proses.isian import IsianPembatalan
from ap2t.proses.pembatalan import susun_pembatalan

if TYPE_CHECKING:
    from airflow.sdk import Context


class BukaPembatalan(OperatorBuka):
    """Open the run's session, and work out what can be cancelled. XCom: the session's number."""

    siapkan = staticmethod(susun_pembatalan)

    def minta(self, context: Context) -> Permintaan:
        """Return what the run asks for."""
        dag_id, run_id = run_ini(context)
        run, params = context["dag_run"], context["params"]
        return Permintaan(
            unitup=params.get("unitup") or "",
            thblrek=params.get("thblrek") or None,
            hari_baca=params.get("hari_baca") or "",
            dag_id=dag_id,
            run_id=run_id,
            pemicu=run.triggering_user_name,
            terjadwal=False,  # a person cancels
            asing=sorted(set(run.conf or {}) - set(ISIAN_PEMBATALAN)),
            batal=IsianPembatalan(*(params.get(nama) for nama in IsianPembatalan._fields)),
        )


class BatalkanAp2t(OperatorLangkah):
    """Cancel what the ledger says is approved for it, as the approver's own AP2T user. XCom: the stage reached."""

    mengirim = True
    kerja = staticmethod(kirim_batch(batalkan_ap2t))


class RekonsiliasiPembatalan(OperatorLangkah):
    """Compare AP2T's list with the rows that were cancelled. XCom: the stage reached."""

    kerja = staticmethod(cocokkan(rekonsiliasi_pembatalan, "dibatalkan"))
