"""The archive of one unit, as its owner works on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from proses_fixtures import PEMILIK, Dunia
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from ap2t.audit.periksa import Laporan, Lingkup, verifikasi
from ap2t.kelola.arsip import Pengarsip, Ringkas, pemeriksa
from ap2t.ledger import arsip
from ap2t.ledger.buku import Buku, Transaksi
from ap2t.ledger.mesin import buat_mesin
from ap2t.ledger.skema import mesin_pemilik

LAMA, ALASAN = "202401", "kebijakan retensi 12 bulan"


class Gudang:
    """The archive of one unit: its folder, and hands to archive and to look."""

    def __init__(self, dunia: Dunia, folder: Path) -> None:
        self.dunia, self.folder = dunia, folder
        self.buku = Buku(buat_mesin())
        self.pemilik = mesin_pemilik(dunia.alamat.sebagai(dunia.alamat.buku, PEMILIK))
        folder.mkdir(exist_ok=True)
        self.pengarsip = Pengarsip(self.buku, self.pemilik, folder, None, lambda _: None, tenang=0)

    def jalankan(self, sampai: str = LAMA, **pilihan: int) -> Ringkas:
        return self.pengarsip.jalankan(sampai, self.dunia.unitup, "uji", ALASAN, **pilihan)

    def calon(self, sampai: str = LAMA) -> list[arsip.Calon]:
        with self.buku.transaksi() as tx:
            return tx.arsip.calon(sampai, self.dunia.unitup, tenang=0)

    def audit(self, *, dengan_berkas: bool) -> Laporan:
        cek = pemeriksa(self.folder) if dengan_berkas else None
        return verifikasi(self.buku, Lingkup(unitup=self.dunia.unitup, arsip=cek), lambda _: None)

    @contextmanager
    def dirusak(self, tabel: str, perintah: str) -> Iterator[Transaksi]:
        """Tamper as the superuser with the table's guards off, in a transaction that is undone."""
        mesin = create_engine(make_url(self.dunia.alamat.buku).set(drivername="postgresql+psycopg"))
        with mesin.connect() as conn:
            conn.execute(text(f"ALTER TABLE pengesahan.{tabel} DISABLE TRIGGER USER"))
            assert conn.execute(text(perintah)).rowcount > 0
            conn.execute(text(f"ALTER TABLE pengesahan.{tabel} ENABLE TRIGGER USER"))
            yield Transaksi(conn)
        mesin.dispose()

    def tutup(self) -> None:
        self.buku.tutup()
        self.pemilik.dispose()
