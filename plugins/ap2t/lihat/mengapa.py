"""Why a customer is held or flagged, in sentences with its own numbers."""

from __future__ import annotations

from typing import NamedTuple

from ap2t.domain.kaidah.dasar import Kaidah
from ap2t.domain.kaidah.saring import saring_fakta
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.ledger.buku import Transaksi


class Mengapa(NamedTuple):
    """One rule that applied to a customer. ``rinci``: its numbers; ``tindakan``: what is to be done, where it holds."""

    kode: str
    kata: str
    rinci: str
    tindakan: str


def mengapa(tx: Transaksi, nomor: str | None, idpel: str) -> list[Mengapa]:
    """Return the rules that applied to a customer in a session, reasons first. For people of the unit alone.

    None of a session that cancels, of one whose sieve did not run yet, or whose readings are archived.
    """
    sesi = tx.sesi.bernomor(nomor) if nomor else None
    if sesi is None or sesi.pembatalan:
        return []
    ada = tx.saringan.satu(sesi, idpel)
    if ada is None:
        return []
    bacaan, saringan = ada
    fakta = saring_fakta(bacaan, sesi.aturan, saringan.lalu)[1]
    berlaku: list[Kaidah] = [*map(Alasan, saringan.alasan), *map(Dlpd, saringan.dlpd)]
    return [Mengapa(satu, satu.kata, satu.isi.rinci(fakta), satu.isi.tindakan) for satu in berlaku]
