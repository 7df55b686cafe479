"""Batches and outcomes: in flight before the send, settled after the answer."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ap2t.domain.kode import JenisJejak, StatusHasil
from ap2t.domain.kontrak import BarisKirim
from ap2t.ledger.jejak import TabelJejak
from ap2t.ledger.mesin import Tabel
from ap2t.ledger.sesi import Sesi

BERHASIL = (StatusHasil.POSTING, StatusHasil.SUDAH_POSTING, StatusHasil.BATAL, StatusHasil.BELUM_POSTING)
"""Outcomes of a row that is as it was meant to be."""


class BatchDikirim(NamedTuple):
    """A batch in flight."""

    kunci: str
    oleh: str
    idpel: list[str]
    epoch: int
    dikirim_pada: datetime


class HasilKirim(NamedTuple):
    """The outcome of one row."""

    idpel: str
    status: str
    kode: str | None = None
    pesan: str | None = None
    kodeposting: int | None = None


class JumlahHasil(NamedTuple):
    """How many rows of a session ended alike, and the first of them."""

    status: str
    kode: str | None
    jumlah: int
    contoh: list[str]


class BarisRekonsiliasi(NamedTuple):
    """A row of the snapshot with what the sieve said, what was sent, and what came of it. Numbers as they were sent."""

    idpel: str
    hasil: str
    status: str | None
    kodeposting: int | None
    pemkwh: str | None
    sahlwbp: str | None
    sahwbp: str | None
    sahkvarh: str | None


class TabelKiriman(Tabel):
    """Batches and outcomes of rows."""

    def berikut(self, sesi: Sesi, sesudah: str, kembalikan: list[str], batas: int) -> list[BarisKirim]:
        """Return the next rows by idpel that may go (passed, not sent back, without an outcome)."""
        self.jalankan("kirim_rencana")
        nilai = {"sesi_id": sesi.id, "sesudah": sesudah, "kembalikan": kembalikan, "batas": batas}
        nilai["zona"] = sesi.zona_waktu
        return self.semua_baris(BarisKirim, "kirim_berikut", **nilai)

    def catat_batch(self, sesi: Sesi, kunci: str, oleh: str, idpel: list[str], sidik_isi: str) -> None:
        """Record a batch as in flight, here and in the trail. The ledger checks epoch, approval, sender and every row.

        :param kunci: its key. :param sidik_isi: SHA-256 of its body.
        """
        # idpel as one text: the driver writes an array value by value
        nilai = {"epoch": sesi.epoch, "oleh": oleh, "idpel": json.dumps(idpel), "sidik_isi": sidik_isi}
        isi = {
            "kunci": kunci,
            "jumlah": len(idpel),
            "sidik_isi": sidik_isi,
            "epoch": sesi.epoch,
            "sidik_idpel": hashlib.sha256(",".join(idpel).encode()).hexdigest(),
            "dikirim_pada": self.jalankan("batch_catat", kunci=kunci, sesi_id=sesi.id, **nilai).scalar_one(),
        }
        TabelJejak(self.conn).catat(JenisJejak.BATCH_DIKIRIM, isi, sesi_id=sesi.id, pelaku=oleh)

    def dalam_perjalanan(self, sesi: Sesi) -> list[BatchDikirim]:
        """Return the session's batches whose outcome is not known yet."""
        return self.semua_baris(BatchDikirim, "batch_dikirim", sesi_id=sesi.id)

    def selesaikan(self, kunci: str, status: str, keterangan: str | None = None) -> datetime | None:
        """Settle a batch (DITERAPKAN or BATAL) and return when. None: it was settled before."""
        hasil = self.jalankan("batch_selesai", kunci=kunci, status=status, keterangan=keterangan)
        sejak: datetime | None = hasil.scalar_one_or_none()
        return sejak

    def catat_hasil(
        self, sesi: Sesi, kunci: str | None, hasil: Sequence[HasilKirim], *, semua: bool = False
    ) -> dict[str, Any]:
        """Write the outcomes of rows down, in one statement, and return what the trail keeps of them.

        :param semua: they are those of all rows of the batch.

        ``sidik_hasil``: SHA-256 over what stands now. ``jumlah``: rows by status. ``baris``: by status and code, the
        rows that were not posted.
        """
        if semua and len({satu[1:] for satu in hasil}) == 1:  # the batch itself says whose they are
            isi = [hasil[0]._asdict() | {"idpel": None, "jumlah": len(hasil)}]
        else:
            isi = [satu._asdict() for satu in hasil]
        sidik: str = self.jalankan("hasil_catat", sesi_id=sesi.id, kunci=kunci, hasil=json.dumps(isi)).scalar_one()
        baris: dict[str, list[str]] = {}
        for satu in hasil:
            if satu.status not in BERHASIL:
                baris.setdefault(f"{satu.status} {satu.kode or '-'}", []).append(satu.idpel)
        return {"sidik_hasil": sidik, "jumlah": dict(Counter(satu.status for satu in hasil)), "baris": baris}

    def hitung_hasil(self, sesi: Sesi) -> list[JumlahHasil]:
        """Count outcomes by status and code."""
        return self.semua_baris(JumlahHasil, "hasil_hitung", sesi_id=sesi.id)
