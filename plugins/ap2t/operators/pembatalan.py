"""The tasks of a pembatalan run, each one step of :mod:`ap2t.proses`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ap2t.operators.dasar import OperatorBuka, OperatorLangkah
from ap2t.proses.batalkan import batalkan_ap2t, rekonsiliasi_pembatalan
from ap2t.proses.buka import ISIAN_PEMBATALAN, Permintaan
from ap2t.proses.isian import IsianPembatalan
from ap2t.proses.pembatalan import susun_pembatalan

if TYPE_CHECKING:
    from airflow.sdk import Context


class BukaPembatalan(OperatorBuka):
    """Open the run's session, and work out what can be cancelled. XCom: the session's number."""

    isian = ISIAN_PEMBATALAN
    siapkan = staticmethod(susun_pembatalan)

    def minta(self, context: Context) -> Permintaan:
        """Return what the run asks for."""
        params = context["params"]
        batal = IsianPembatalan(*(params.get(nama) for nama in IsianPembatalan._fields))
        return super().minta(context)._replace(batal=batal)


class BatalkanAp2t(OperatorLangkah):
    """Cancel what the ledger says is approved for it, as the approver's own AP2T user. XCom: the stage reached."""

    mengirim = True
    kerja = staticmethod(batalkan_ap2t)


class RekonsiliasiPembatalan(OperatorLangkah):
    """Compare AP2T's list with the rows that were cancelled. XCom: the stage reached."""

    kerja = staticmethod(rekonsiliasi_pembatalan)
