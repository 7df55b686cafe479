"""What others did in AP2T outside this project. AP2T's state wins; what differs from our record is written down."""

from __future__ import annotations

from typing import NamedTuple

from ap2t.ledger.jejak import TabelJejak
from ap2t.ledger.mesin import Tabel, ke_json
from ap2t.ledger.sesi import DiKelompok, Sesi


class DiAp2t(NamedTuple):
    """A row as AP2T holds it."""

    kodeposting: int
    no_pengesahan: str | None = None
    oleh: str | None = None
    waktu: str | None = None


class Pembanding:
    """What a comparison finds of others' doings, held against what this session's earlier comparisons said.

    ``luar``: to be recorded: idpel, DIPOSTING or DIBATALKAN, and the row as AP2T holds it.
    """

    def __init__(self, tx: Tabel, s: Sesi) -> None:
        self.luar: list[tuple[str, str, DiAp2t]] = []
        self._dulu = {
            b.idpel: (b.kodeposting, b.no_pengesahan) for b in tx.jalankan("luar_sistem_terakhir", sesi_id=s.id)
        }

    def beda(self, idpel: str, a: DiAp2t) -> bool:
        """Take a row that others changed; return whether it was found just so before: then a person has seen it."""
        self.luar.append((idpel, "DIPOSTING" if a.kodeposting else "DIBATALKAN", a))
        return self._dulu.get(idpel) == (a.kodeposting, a.no_pengesahan)

    def sama(self, idpel: str, a: DiAp2t) -> None:
        """Take a row that is as its outcome says: a change if an earlier comparison found it otherwise."""
        if idpel in self._dulu:
            self.beda(idpel, a)


class Jumlah(NamedTuple):
    """Rows that others changed, as last found: posted, cancelled, and of a cancellation's own rows posted again."""

    diposting: int
    dibatalkan: int
    batal_diposting: int


class TabelLuar(Tabel):
    """What others did in AP2T outside this project. AP2T's state wins; what differs from our record is written down."""

    def posisi(self, s: DiKelompok) -> dict[str, tuple[int, str | None]]:
        """Customers at posting 1 or 3 by our own record: idpel to (kodeposting, session number)."""
        baris = self.jalankan("posisi_kelompok", unitup=s.unitup, thblrek=s.thblrek, hari_baca=s.hari_baca)
        return {b.idpel: (b.kodeposting, b.nomor) for b in baris}

    def catat_beda(self, s: Sesi, di_ap2t: dict[str, DiAp2t]) -> int:
        """Record every customer whose state in AP2T is not what our record says; return how many.

        Posted there under a number that is not ours: DIPOSTING. Posted by our record, 0 there: DIBATALKAN.
        A row lifted by Suplai Stan (3) under our number agrees.
        """
        kita = self.posisi(s)
        beda: list[tuple[str, str, DiAp2t]] = []
        for idpel, a in di_ap2t.items():
            # the number is optional in the contract: where AP2T shows none, our own record is not contradicted
            if idpel not in kita or a.no_pengesahan not in (None, kita[idpel][1]):
                beda.append((idpel, "DIPOSTING", a))
        beda += [(idpel, "DIBATALKAN", DiAp2t(0)) for idpel in kita if idpel not in di_ap2t]
        return self.catat(s, beda, "CUPLIKAN")

    def hitung(self, s: Sesi) -> Jumlah:
        """Return how many rows others changed, as found when the session was reconciled."""
        return Jumlah(**self.jalankan("luar_sistem_hitung", sesi_id=s.id).one()._mapping)

    def catat(self, s: Sesi, kejadian: list[tuple[str, str, DiAp2t]], tahap: str) -> int:
        """Record what others did, found at ``tahap`` (CUPLIKAN or REKONSILIASI); return how many rows.

        What was found just so by the last look is not written again.
        """
        if not kejadian:
            return 0
        baris = [{"idpel": idpel, "kejadian": apa, **a._asdict()} for idpel, apa, a in kejadian]
        baru = self.jalankan("luar_sistem_catat", sesi_id=s.id, tahap=tahap, baris=ke_json(baris)).scalars().all()
        isi = {"tahap": tahap, "jumlah": len(baru)}
        TabelJejak(self.conn).catat_daftar("DILUAR_SISTEM", isi, "baris", baru, sesi_id=s.id)
        return len(kejadian)
