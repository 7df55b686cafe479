"""Why a customer is held or flagged, in sentences with its own numbers."""

from __future__ import annotations

from typing import NamedTuple

from ap2t.domain.kaidah.dasar import Kaidah
from ap2t.domain.kaidah.perhatian import perhatian
from ap2t.domain.kaidah.saring import saring_fakta
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.lihat.fakta import CuplikanPelanggan


class Mengapa(NamedTuple):
    """One rule that applied to a customer, or how much it weighs (PERHATIAN).

    ``rinci``: its numbers. ``tindakan``: what is to be done, where it holds.
    """

    kode: str
    kata: str
    rinci: str
    tindakan: str


def mengapa(cuplikan: CuplikanPelanggan) -> list[Mengapa]:
    """Return the rules that applied to a customer in a session, reasons first. For people of the unit alone.

    None where the sieve did not run yet. Of archived readings there are no numbers any more.
    """
    sesi, bacaan, saringan = cuplikan
    if saringan is None:
        return []
    tanda = (kode for kode in saringan.dlpd if kode not in saringan.alasan)  # what holds a row says it once
    berlaku: list[Kaidah] = [*map(Alasan, saringan.alasan), *map(Dlpd, tanda)]
    if bacaan is None:
        return [Mengapa(satu, satu.kata, "bacaannya diarsipkan", satu.isi.tindakan) for satu in berlaku]
    fakta = saring_fakta(bacaan, sesi.aturan, saringan.lalu)[1]
    return [Mengapa(satu, satu.kata, satu.isi.rinci(fakta), satu.isi.tindakan) for satu in berlaku]


def mengapa_di_atas(cuplikan: CuplikanPelanggan) -> list[Mengapa]:
    """Return how much a customer that passed with flags asks to be looked at, and why so much; else nothing."""
    sesi, bacaan, saringan = cuplikan
    if saringan is None or bacaan is None:
        return []
    bobot = perhatian(*saring_fakta(bacaan, sesi.aturan, saringan.lalu))
    return [] if bobot is None else [Mengapa("PERHATIAN", "Perhatian", bobot.kalimat, "")]
