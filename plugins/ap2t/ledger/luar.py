"""What others did in AP2T outside this project. AP2T's state wins, and what differs from our record is written down."""

from __future__ import annotations

from typing import NamedTuple

from ap2t.domain.kode import JenisJejak, KejadianLuar, SaatLuar
from ap2t.domain.model import Tempat
from ap2t.ledger.jejak import TabelJejak
from ap2t.ledger.mesin import Tabel, ke_json
from ap2t.ledger.sesi import Sesi


class DiAp2t(NamedTuple):
    """A row as AP2T holds it."""

    kodeposting: int
    no_pengesahan: str | None = None
    oleh: str | None = None
    waktu: str | None = None


class Posisi(NamedTuple):
    """A customer at posting 1 or 3 by our own record."""

    kodeposting: int
    nomor: str | None


class Luar(NamedTuple):
    """A row that others changed: DIPOSTING or DIBATALKAN, and as AP2T holds it."""

    idpel: str
    kejadian: str
    di_ap2t: DiAp2t


class Pembanding:
    """What a comparison finds of others' doings, held against what this session's earlier comparisons said.

    ``luar``: what is to be recorded.
    """

    def __init__(self, tx: Tabel, sesi: Sesi) -> None:
        self.luar: list[Luar] = []
        self._dulu = {
            baris.idpel: (baris.kodeposting, baris.no_pengesahan)
            for baris in tx.jalankan("luar_sistem_terakhir", sesi_id=sesi.id)
        }

    def beda(self, idpel: str, di_ap2t: DiAp2t) -> bool:
        """Take a row that others changed.

        :return: whether it was found just so before. Then a person has seen it.
        """
        kejadian = KejadianLuar.DIPOSTING if di_ap2t.kodeposting else KejadianLuar.DIBATALKAN
        self.luar.append(Luar(idpel, kejadian, di_ap2t))
        return self._dulu.get(idpel) == (di_ap2t.kodeposting, di_ap2t.no_pengesahan)

    def __contains__(self, idpel: str) -> bool:
        """Whether an earlier comparison found the customer otherwise."""
        return idpel in self._dulu


class JumlahLuar(NamedTuple):
    """How many rows others changed, as last found. ``batal_diposting``: of a cancellation's own rows, posted again."""

    diposting: int
    dibatalkan: int
    batal_diposting: int


class TabelLuar(Tabel):
    """What others did in AP2T, against what the ledger knows."""

    def posisi(self, tempat: Tempat) -> dict[str, Posisi]:
        """Return the customers at posting 1 or 3 by our own record."""
        semua = self.jalankan("posisi_kelompok", **tempat._asdict())
        return {baris.idpel: Posisi(baris.kodeposting, baris.nomor) for baris in semua}

    def catat_beda(self, sesi: Sesi, di_ap2t: dict[str, DiAp2t]) -> int:
        """Record every customer whose state in AP2T is not what our record says, and return how many.

        Posted there under a number that is not ours: DIPOSTING. Posted by our record, 0 there: DIBATALKAN.
        A row lifted by Suplai Stan (3) under our number agrees.
        """
        kita = self.posisi(sesi.tempat)
        beda = [
            Luar(idpel, KejadianLuar.DIPOSTING, baris)
            for idpel, baris in di_ap2t.items()
            # the number is optional in the contract: where AP2T shows none, our own record is not contradicted
            if idpel not in kita or baris.no_pengesahan not in (None, kita[idpel].nomor)
        ]
        beda += [Luar(idpel, KejadianLuar.DIBATALKAN, DiAp2t(0)) for idpel in kita if idpel not in di_ap2t]
        return self.catat(sesi, beda, SaatLuar.CUPLIKAN)

    def hitung(self, sesi: Sesi) -> JumlahLuar:
        """Return how many rows others changed, as found when the session was reconciled."""
        return self.satu_baris(JumlahLuar, "luar_sistem_hitung", sesi_id=sesi.id)

    def catat(self, sesi: Sesi, luar: list[Luar], tahap: str) -> int:
        """Record what others did, found at ``tahap`` (CUPLIKAN or REKONSILIASI), and return how many rows.

        What was found just so by the last look is not written again.
        """
        if not luar:
            return 0
        baris = [{"idpel": satu.idpel, "kejadian": satu.kejadian, **satu.di_ap2t._asdict()} for satu in luar]
        baru = self.jalankan("luar_sistem_catat", sesi_id=sesi.id, tahap=tahap, baris=ke_json(baris)).scalars().all()
        isi = {"tahap": tahap, "jumlah": len(baru)}
        TabelJejak(self.conn).catat_daftar(JenisJejak.DILUAR_SISTEM, isi, "baris", baru, sesi_id=sesi.id)
        return len(luar)
