"""The ledger: its transactions, and within one of them every group of its tables."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from ap2t import jam, koneksi, sambungan_pg
from ap2t.galat import BukuBertabrakan
from ap2t.ledger.arsip import TabelArsip
from ap2t.ledger.cuplikan import TabelCuplikan
from ap2t.ledger.jejak import TabelJejak
from ap2t.ledger.kedatangan import TabelKedatangan
from ap2t.ledger.kiriman import TabelKiriman
from ap2t.ledger.konfigurasi import TabelKonfigurasi
from ap2t.ledger.luar import TabelLuar
from ap2t.ledger.mesin import SETELAN, Baris, Tabel, buat_mesin, terjemah
from ap2t.ledger.pembatalan import TabelPembatalan
from ap2t.ledger.pengembalian import TabelPengembalian
from ap2t.ledger.persetujuan import TabelPersetujuan
from ap2t.ledger.saringan import TabelSaringan
from ap2t.ledger.sesi import TabelSesi

BENTUR_MAKS = 6
"""How often a short transaction is tried that collides with others (deadlock, serialization)."""

catatan = logging.getLogger(__name__)
Hasil = TypeVar("Hasil")


class Transaksi(Tabel):
    """One transaction of the ledger (unit of work): each group of tables under its own name.

    :param conn: the connection that is in the transaction.
    """

    def __init__(self, conn: Connection) -> None:
        super().__init__(conn)
        self.sesi = TabelSesi(conn)
        self.jejak = TabelJejak(conn)
        self.cuplikan = TabelCuplikan(conn)
        self.saringan = TabelSaringan(conn)
        self.persetujuan = TabelPersetujuan(conn)
        self.kedatangan = TabelKedatangan(conn)
        self.kiriman = TabelKiriman(conn)
        self.pengembalian = TabelPengembalian(conn)
        self.luar = TabelLuar(conn)
        self.pembatalan = TabelPembatalan(conn)
        self.konfigurasi = TabelKonfigurasi(conn)
        self.arsip = TabelArsip(conn)


class Buku:
    """The ledger: hands out transactions and turns database errors into the project's own.

    :param mesin: the engine of :func:`buat_mesin`.
    """

    def __init__(self, mesin: Engine) -> None:
        self.mesin = mesin
        self._lihat = mesin.execution_options(isolation_level="AUTOCOMMIT")  # the same connections

    @classmethod
    def buka(cls, *, hanya_baca: bool = False, lekas: bool = False, koneksi_maks: int = 4) -> Self:
        """Open the ledger as ``cmt_db``; only to read, as ``cmt_db_auditor`` where that connection is set.

        :param hanya_baca: the database refuses every write. :param lekas: see :func:`buat_mesin`.
        """
        auditor = hanya_baca and koneksi.ada(koneksi.BUKU_AUDITOR)
        sambungan = koneksi.ambil(koneksi.BUKU_AUDITOR if auditor else koneksi.BUKU)
        return cls(buat_mesin(sambungan, koneksi_maks=koneksi_maks, hanya_baca=hanya_baca, lekas=lekas))

    @contextmanager
    def transaksi(self) -> Iterator[Transaksi]:
        """Open a transaction: committed at the end of the block, rolled back on any error.

        Wait for nothing but the ledger inside: the server ends a transaction that stands still for half a minute.

        :raises BukuMenolak: if a guard of the ledger refuses.
        :raises BukuTidakTerjangkau: if the ledger cannot serve it now.
        """
        with terjemah(), self.mesin.begin() as conn:
            yield Transaksi(conn)

    @contextmanager
    def lihat(self) -> Iterator[Transaksi]:
        """Open a connection for single statements, each of which sees what is committed by then.

        :raises BukuTidakTerjangkau: if the ledger cannot serve it now.
        """
        with terjemah(), self._lihat.connect() as conn:
            yield Transaksi(conn)

    def ulang(self, kerja: Callable[[Transaksi], Hasil]) -> Hasil:
        """Do one short transaction, again from its beginning as often as it collides, and return its result.

        A collision (deadlock, serialization) takes all of it back, so doing it anew is doing it once. ``kerja`` must
        change nothing but the ledger, and wait for nothing else.

        :raises BukuBertabrakan: it collided each time.
        """

        def sekali() -> Hasil:
            with self.transaksi() as tx:
                return kerja(tx)

        berulang = Retrying(
            sleep=jam.tidur,
            stop=stop_after_attempt(BENTUR_MAKS),
            wait=wait_random_exponential(multiplier=0.05, max=2.0),
            retry=retry_if_exception_type(BukuBertabrakan),
            before_sleep=lambda coba: catatan.warning("%s", coba.outcome.exception() if coba.outcome else ""),
            reraise=True,
        )
        return berulang(sekali)

    def halaman(self, bentuk: Callable[..., Baris], nama: str, potong: int, /, **nilai: Any) -> Iterator[list[Baris]]:
        """Stream the rows of a statement by idpel, in pages, each in a transaction of its own.

        For whoever waits for something else between two pages: nothing of the ledger is held meanwhile.

        :param bentuk: NamedTuple of a row, with a field ``idpel``.
        """
        sesudah = ""
        while True:
            with self.transaksi() as tx:
                tx.jalankan("kirim_rencana")
                baris: list[Any] = tx.semua_baris(bentuk, nama, **nilai, sesudah=sesudah, batas=potong)
            yield baris
            if len(baris) < potong:
                return
            sesudah = baris[-1].idpel

    @contextmanager
    def sendirian(self, nama: str) -> Iterator[bool]:
        """Be the only one at something until the block ends, on whatever machine. False: somebody else is at it.

        The lock belongs to a connection, not to a transaction. So others may be waited for meanwhile.
        """
        with self.lihat() as tx:
            dapat = bool(tx.jalankan("kunci_coba", nama=nama).scalar_one())
            try:
                yield dapat
            finally:
                if dapat:
                    try:
                        tx.jalankan("kunci_lepas", nama=nama)
                    except SQLAlchemyError:  # a lost connection took its lock along, and must not stay in the pool
                        tx.conn.invalidate()

    def tutup(self) -> None:
        """Give back every connection."""
        self.mesin.dispose()


def setelan_beda(buku: Buku) -> list[str]:
    """Name what differs in a session of the ledger from what it needs (:func:`ap2t.sambungan_pg.periksa_sepasang`)."""
    with buku.lihat() as satu, buku.lihat() as dua:
        return sambungan_pg.periksa_sepasang(satu.conn, dua.conn, SETELAN)
