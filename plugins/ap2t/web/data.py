"""What the page reads: the ledger, as the auditor's role where there is one, in read-only transactions; and ACMT."""

from __future__ import annotations

import threading

from ap2t import koneksi
from ap2t.ledger.mesin import Buku, buat_mesin
from ap2t.proses.layanan import Layanan
from ap2t.source.acmt import SumberAcmt

KONEKSI = 12
"""Connections to the ledger at once, per api-server worker; further requests wait for one."""


class Data:
    """Opened at first use, shared by all requests of this process."""

    def __init__(self) -> None:
        self._kunci = threading.RLock()
        self._buku: Buku | None = None
        self._layanan: Layanan | None = None

    @property
    def buku(self) -> Buku:
        """The ledger, to look at only."""
        with self._kunci:
            if self._buku is None:
                self._buku = buku_baca(KONEKSI)
            return self._buku

    @property
    def layanan(self) -> Layanan:
        """Services for what the procedure's own steps look up; their ledger is the page's."""
        with self._kunci:
            if self._layanan is None:
                self._layanan = Layanan(buku=self.buku)
            return self._layanan

    @property
    def acmt(self) -> SumberAcmt:
        """ACMT."""
        with self._kunci:
            return self.layanan.sumber

    def tutup(self) -> None:
        """Give back every connection."""
        with self._kunci:
            if self._layanan is not None:
                self._layanan.__exit__(None, None, None)
            if self._buku is not None:
                self._buku.tutup()
            self._layanan = self._buku = None


def buku_baca(koneksi_maks: int) -> Buku:
    """Open the ledger so that no transaction can write: as ``cmt_db_auditor`` where that is set, else as ``cmt_db``."""
    k = koneksi.ambil(koneksi.BUKU_AUDITOR if koneksi.ada(koneksi.BUKU_AUDITOR) else koneksi.BUKU)
    return Buku(buat_mesin(k, koneksi_maks=koneksi_maks, hanya_baca=True))
