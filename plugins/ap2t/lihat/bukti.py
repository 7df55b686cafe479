"""What was approved or cancelled in a session: rows and outcomes, who answered, whether the digest holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from ap2t.galat import MasukanTidakSah
from ap2t.ledger.buku import Buku, Transaksi
from ap2t.ledger.cuplikan import POTONG
from ap2t.ledger.persetujuan import jawaban_lengkap, yang_dikembalikan
from ap2t.ledger.sesi import Sesi

KOLOM = {
    "PENGESAHAN": (
        *("idpel", "saringan", "alasan", "dlpd", "sahlwbp", "sahwbp", "sahkvarh", "kwh", "jam_nyala", "disetujui"),
        *("dikembalikan", "hasil", "kode", "pada", "batch"),
        *("slalwbp", "slawbp", "fkmkwh", "lalu_bulan", "lalu_lwbp", "lalu_wbp", "lalu_fkm"),
    ),
    "PEMBATALAN": (
        *("idpel", "kodeposting", "no_pengesahan", "kwh", "saringan", "sebab", "disetujui", "hasil", "kode", "pada"),
        "batch",
    ),
}
"""Columns of the rows, by kind of session."""
_PERNYATAAN = {"PENGESAHAN": "bukti_baris", "PEMBATALAN": "bukti_pembatalan"}
_LOLOS = ("LOLOS", "BOLEH")


class JawabanBukti(NamedTuple):
    """Who answered what, when, and on what authority."""

    urutan: int
    keputusan: str
    oleh: str
    pada: datetime
    peran: str


class Bukti(NamedTuple):
    """A session, its answers, and its rows, streamed.

    ``sidik_kini``: the digest computed anew; None: there is none.
    """

    sesi: Sesi
    jawaban: list[JawabanBukti]
    disetujui: bool
    sidik_kini: str | None
    baris: Iterator[dict[str, Any]]

    @property
    def utuh(self) -> bool:
        """Whether the rows are still those that were shown."""
        return self.sesi.sidik == self.sidik_kini


@contextmanager
def buka_bukti(buku: Buku, nomor: str) -> Iterator[Bukti]:
    """Open what a session approved. Its rows can be read until the block ends.

    :raises MasukanTidakSah: there is no such session.
    """
    with buku.transaksi() as tx:
        tx.jalankan("audit_transaksi")
        sesi = ambil_sesi(tx, nomor)
        tx.arsip.pastikan_ada(sesi)
        jawaban = tx.persetujuan.semua(sesi)
        setuju = jawaban_lengkap(jawaban, sesi) is not None
        kini = tx.cuplikan.sidik(sesi) if sesi.sidik is not None else None
        disebut = [
            JawabanBukti(
                satu.urutan, satu.keputusan, satu.oleh, satu.dijawab_pada, satu.petugas.get("peran", "DELEGASI")
            )
            for satu in jawaban
        ]
        yield Bukti(sesi, disebut, setuju, kini, _baris_bukti(tx, sesi, yang_dikembalikan(jawaban), setuju))


def ambil_sesi(tx: Transaksi, nomor: str) -> Sesi:
    """Return a session by its number.

    :raises MasukanTidakSah: there is no such session.
    """
    sesi = tx.sesi.bernomor(nomor)
    if sesi is None:
        raise MasukanTidakSah(f"Tidak ada sesi bernomor {nomor}. Lihat daftarnya dengan `ap2t sesi`.")
    return sesi


def _baris_bukti(tx: Transaksi, sesi: Sesi, kembali: list[str], setuju: bool) -> Iterator[dict[str, Any]]:
    nilai: dict[str, Any] = {"sesi_id": sesi.id}
    if sesi.jenis == "PENGESAHAN":
        nilai["kembalikan"] = kembali
    for baris in tx.alirkan(_PERNYATAAN[sesi.jenis], POTONG, **nilai).mappings():
        disetujui = setuju and baris["saringan"] in _LOLOS and not baris.get("dikembalikan", False)
        yield {**baris, "disetujui": disetujui}
