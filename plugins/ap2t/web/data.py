"""What the page reads: the ledger, ACMT and AP2T. What it writes: marks of what people looked at.

The ledger is read as the auditor's role where there is one, in read-only transactions. Marks are added as a role that
can do nothing else. Each system is asked through a :class:`~ap2t.web.sakelar.Sakelar`, and none is waited for longer
than a few seconds.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection, Engine

from ap2t import koneksi
from ap2t.galat import Ap2tTidakPasti, Ap2tTidakTerjangkau, BukuTidakTerjangkau, SumberTidakTerjangkau
from ap2t.ledger.buku import Buku, Transaksi
from ap2t.ledger.mesin import buat_mesin
from ap2t.proses.layanan import Layanan
from ap2t.source.acmt import SumberAcmt
from ap2t.web.sakelar import Sakelar
from ap2t.web.sambungan import batasi

BATAS = 15
"""Seconds that the page waits for one answer of a database, or for AP2T's with all its tries."""
KE_BUKU, KE_ACMT, KE_AP2T, KE_TANDA = 8, 4, 2, 2
"""Calls to each at once, per api-server worker. All but AP2T's together are fewer than the page's threads."""
KONEKSI = KE_BUKU + 2
"""Connections to the ledger that are kept; two more while it is tried whether it answers again."""


class _BukuHalaman(Buku):
    """The ledger as the page asks it, few calls at once."""

    def __init__(self, mesin: Engine, serentak: int = KE_BUKU) -> None:
        super().__init__(mesin)
        self.sakelar = Sakelar("Buku pengesahan", serentak, BukuTidakTerjangkau)

    @contextmanager
    def transaksi(self) -> Iterator[Transaksi]:
        """One transaction, as :meth:`Buku.transaksi`."""
        with self.sakelar.lewat(), super().transaksi() as tx:
            yield tx

    @contextmanager
    def lihat(self) -> Iterator[Transaksi]:
        """A connection for single statements, as :meth:`Buku.lihat`."""
        with self.sakelar.lewat(), super().lihat() as tx:
            yield tx


class _AcmtHalaman(SumberAcmt):
    def __init__(self, engine: Engine, sakelar: Sakelar) -> None:
        super().__init__(engine)
        self._sakelar = sakelar

    @contextmanager
    def sambung(self) -> Iterator[Connection]:
        with self._sakelar.lewat(), super().sambung() as conn:
            yield conn


class _LayananHalaman(Layanan):
    """What the procedure's own steps look things up with, bounded as the page is."""

    def __init__(self, buku: Buku, acmt: Sakelar, batas: int) -> None:
        super().__init__(buku=buku, sabar_ap2t=batas)
        self._acmt, self._batas = acmt, batas

    @property
    def sumber(self) -> SumberAcmt:
        """ACMT."""
        baru = self._mesin_sumber is None
        mesin = super().sumber.engine
        return _AcmtHalaman(batasi(mesin, self._batas) if baru else mesin, self._acmt)


class Data:
    """Opened at first use, shared by all requests of this process.

    :param batas: seconds that one answer is waited for.
    """

    def __init__(self, batas: int = BATAS) -> None:
        self.batas = batas
        self._kunci = threading.RLock()
        self._buku: Buku | None = None
        self._penanda: Buku | None = None
        self._layanan: Layanan | None = None
        self._ke_acmt = Sakelar("ACMT", KE_ACMT, SumberTidakTerjangkau)
        self._ke_ap2t = Sakelar("AP2T", KE_AP2T, Ap2tTidakTerjangkau, Ap2tTidakPasti)

    @property
    def buku(self) -> Buku:
        """The ledger, to look at only: as ``cmt_db_auditor`` where that is set, else as ``cmt_db``."""
        with self._kunci:
            if self._buku is None:
                self._buku = _BukuHalaman.buka(hanya_baca=True, lekas=True, koneksi_maks=KONEKSI)
                batasi(self._buku.mesin, self.batas)
            return self._buku

    @cached_property
    def bisa_menandai(self) -> bool:
        """Whether there is a connection ``cmt_db_halaman`` to add marks with."""
        return koneksi.ada(koneksi.BUKU_HALAMAN)

    @property
    def penanda(self) -> Buku:
        """The ledger as ``cmt_db_halaman``, which adds marks of what people looked at and can do nothing else."""
        with self._kunci:
            if self._penanda is None:
                sambungan = koneksi.ambil(koneksi.BUKU_HALAMAN)
                mesin = buat_mesin(sambungan, lekas=True, koneksi_maks=KE_TANDA)
                self._penanda = _BukuHalaman(batasi(mesin, self.batas), KE_TANDA)
            return self._penanda

    @property
    def layanan(self) -> Layanan:
        """Services for what the procedure's own steps look up. Their ledger is the page's."""
        with self._kunci:
            if self._layanan is None:
                self._layanan = _LayananHalaman(self.buku, self._ke_acmt, self.batas)
            return self._layanan

    @property
    def acmt(self) -> SumberAcmt:
        """ACMT."""
        with self._kunci:
            return self.layanan.sumber

    @contextmanager
    def ap2t(self) -> Iterator[Layanan]:
        """Services for one look at AP2T.

        :raises Ap2tTidakTerjangkau: it does not answer, or others are looking.
        """
        with self._ke_ap2t.lewat(), _LayananHalaman(self.buku, self._ke_acmt, self.batas) as layanan:
            yield layanan

    def tutup(self) -> None:
        """Give back every connection."""
        with self._kunci:
            if self._layanan is not None:
                self._layanan.__exit__(None, None, None)
            for buku in (self._buku, self._penanda):
                if buku is not None:
                    buku.tutup()
            self._layanan = self._buku = self._penanda = None
