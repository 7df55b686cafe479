"""What was approved or cancelled in a session: rows and outcomes, who answered, whether the digest holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from ap2t.domain.kode import HasilBatal, JenisSesi
from ap2t.domain.model import HasilSaring
from ap2t.ledger.buku import Buku, Transaksi
from ap2t.ledger.cuplikan import POTONG
from ap2t.ledger.persetujuan import Persetujuan, jawaban_lengkap, yang_dikembalikan
from ap2t.ledger.sesi import Sesi

KOLOM: Mapping[str, tuple[str, ...]] = {
    JenisSesi.PENGESAHAN: (
        *("idpel", "saringan", "alasan", "dlpd", "sahlwbp", "sahwbp", "sahkvarh", "kwh", "jam_nyala", "disetujui"),
        *("dikembalikan", "hasil", "kode", "pada", "batch"),
        *("slalwbp", "slawbp", "fkmkwh", "lalu_bulan", "lalu_lwbp", "lalu_wbp", "lalu_fkm"),
    ),
    JenisSesi.PEMBATALAN: (
        *("idpel", "kodeposting", "no_pengesahan", "kwh", "saringan", "sebab", "disetujui", "hasil", "kode", "pada"),
        "batch",
    ),
}
"""Columns of the rows, by kind of session."""
_PERNYATAAN: Mapping[str, str] = {JenisSesi.PENGESAHAN: "bukti_baris", JenisSesi.PEMBATALAN: "bukti_pembatalan"}
_LOLOS = (HasilSaring.LOLOS, HasilBatal.BOLEH)


class Bukti(NamedTuple):
    """A session, its answers, and its rows, streamed. ``sidik_kini``: the digest computed anew; None: there is none."""

    sesi: Sesi
    jawaban: Sequence[Persetujuan]
    disetujui: bool
    sidik_kini: str | None
    baris: Iterator[dict[str, Any]]

    @property
    def utuh(self) -> bool:
        """Whether the rows are still those that were shown."""
        return self.sesi.sidik == self.sidik_kini


@contextmanager
def buka_bukti(buku: Buku, nomor: str) -> Iterator[Bukti]:
    """Open what a session approved. Its rows can be read until the block ends. No such session: MasukanTidakSah."""
    with buku.transaksi() as tx:
        tx.jalankan("audit_transaksi")
        sesi = tx.sesi.wajib_ada(nomor)
        tx.arsip.pastikan_ada(sesi)
        jawaban = tx.persetujuan.semua(sesi)
        setuju = jawaban_lengkap(jawaban, sesi) is not None
        kini = tx.cuplikan.sidik(sesi) if sesi.sidik is not None else None
        yield Bukti(sesi, jawaban, setuju, kini, _baris_bukti(tx, sesi, yang_dikembalikan(jawaban), setuju))


def _baris_bukti(tx: Transaksi, sesi: Sesi, kembali: list[str], setuju: bool) -> Iterator[dict[str, Any]]:
    nilai: dict[str, Any] = {"sesi_id": sesi.id}
    if not sesi.pembatalan:
        nilai["kembalikan"] = kembali
    for baris in tx.alirkan(_PERNYATAAN[sesi.jenis], POTONG, **nilai).mappings():
        disetujui = setuju and baris["saringan"] in _LOLOS and not baris.get("dikembalikan", False)
        yield {**baris, "disetujui": disetujui}
