"""The chain of stans: what this system last posted of a customer, in any of the twelve months before.

Known by the order of facts, as of an entry of the trail, and not by a clock. So the sieve and, a year later, the audit
see the same. What is not known is not judged: a customer that others posted last, or whose reading has left the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.model import StanLalu
from ap2t.ledger.arsip import UMUR_BULAN
from ap2t.ledger.mesin import Tabel
from ap2t.ledger.sesi import Sesi

BULAN = UMUR_BULAN
"""How many months back the last posting is looked for: readings of older months may have left the ledger."""


class BarisTerakhir(NamedTuple):
    """What was last posted of one customer.

    ``kita``: this system posted it; else others did. ``ada``: its reading is in the ledger.
    """

    idpel: str
    bulan: str
    lwbp: Decimal | None
    wbp: Decimal | None
    fkm: Decimal | None
    kita: bool
    ada: bool


class Terakhir(NamedTuple):
    """What was last posted of some customers. Whoever is in none of them was not posted.

    ``diarsipkan``: whose reading has left the ledger, so that only that it was posted is known. ``lain``: whom others
    posted last, and in which month.
    """

    stan: dict[str, StanLalu]
    diarsipkan: frozenset[str]
    lain: dict[str, str]

    @property
    def lalu(self) -> dict[str, StanLalu]:
        """What a row is compared with. Of what others posted the month alone is known."""
        return {**{idpel: StanLalu(bulan, None, None, None) for idpel, bulan in self.lain.items()}, **self.stan}


class Rantai:
    """The earlier months of a session's unit, as far as they were known at an entry of the trail.

    Asked in chunks of the snapshot, with one or two statements each: first in the kelompok's own last month, then, for
    whoever is not found there, in all of the unit's months and kelompok.

    :param kepala: number of the last entry that counts.
    """

    def __init__(self, tx: Tabel, sesi: Sesi, kepala: int) -> None:
        self._tx, self.kepala = tx, kepala
        tx.jalankan("audit_rencana")  # row by row, each customer of a chunk would be compared with all others
        sebelum = {"bulan_dari": bulan_tambah(sesi.thblrek, -BULAN), "bulan_sebelum": sesi.thblrek}
        semua = tx.jalankan("rantai_sesi", unitup=sesi.unitup, kepala=kepala, **sebelum).all()
        self._semua = [baris.id for baris in semua if baris.penuh]
        self._ragu = [baris.id for baris in semua if not baris.penuh]
        tempat = (semua[0].thblrek, sesi.hari_baca) if semua else None
        self._dekat = [baris.id for baris in semua if baris.penuh and (baris.thblrek, baris.hari_baca) == tempat]

    def __bool__(self) -> bool:
        """Whether anything was posted in those months."""
        return bool(self._semua)

    def terakhir(self, idpel: Sequence[str]) -> Terakhir:
        """Return what was last posted of these customers."""
        dekat = self._cari(self._dekat, idpel)
        if len(self._semua) == len(self._dekat):
            return dekat
        jauh = self._cari(self._semua, [satu for satu in idpel if satu not in dekat.stan])
        return jauh._replace(stan={**dekat.stan, **jauh.stan})

    def ragu(self, idpel: Sequence[str]) -> frozenset[str]:
        """Return those of whom a session tells that learnt something both before and after that entry."""
        if not self._ragu:
            return frozenset()
        return frozenset(self._tx.jalankan("rantai_tersentuh", sesi=self._ragu, idpel=list(idpel)).scalars())

    def _cari(self, sesi: list[int], idpel: Sequence[str]) -> Terakhir:
        if not sesi or not idpel:
            return Terakhir({}, frozenset(), {})
        stan: dict[str, StanLalu] = {}
        diarsipkan: list[str] = []
        lain: dict[str, str] = {}
        for baris in self._tx.semua_baris(BarisTerakhir, "rantai_terakhir", sesi=sesi, idpel=list(idpel)):
            if baris.ada:
                stan[baris.idpel] = StanLalu(baris.bulan, baris.lwbp, baris.wbp, baris.fkm)
            elif baris.kita:
                diarsipkan.append(baris.idpel)
            else:
                lain[baris.idpel] = baris.bulan
        return Terakhir(stan, frozenset(diarsipkan), lain)
