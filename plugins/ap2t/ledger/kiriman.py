"""Batches and outcomes: in flight before the send, settled after the answer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from ap2t.domain.model import Bacaan
from ap2t.ledger.mesin import Tabel
from ap2t.ledger.sesi import Sesi

BERHASIL = ("POSTING", "SUDAH_POSTING", "BATAL", "BELUM_POSTING")
"""Outcomes of a row that is as it was meant to be."""


class BarisKirim(NamedTuple):
    """A row that may go: what is sent of its snapshot (all else is None), kWh and jam nyala (hours)."""

    bacaan: Bacaan
    kwh: Decimal
    jam_nyala: Decimal

    @property
    def idpel(self) -> str:
        """The customer."""
        return self.bacaan.idpel


class BatchDikirim(NamedTuple):
    """A batch in flight."""

    kunci: str
    oleh: str
    idpel: list[str]
    epoch: int
    dikirim_pada: datetime


class Hasil(NamedTuple):
    """The outcome of one row."""

    idpel: str
    status: str
    kode: str | None = None
    pesan: str | None = None
    kodeposting: int | None = None


class TabelKiriman(Tabel):
    """Batches and outcomes: in flight before the send, settled after the answer."""

    def berikut(self, sesi: Sesi, sesudah: str, kembalikan: list[str], batas: int) -> list[BarisKirim]:
        """Return the next rows by idpel that may go (passed, not sent back, without an outcome)."""
        self.jalankan("kirim_rencana")
        nilai = {"sesi_id": sesi.id, "sesudah": sesudah, "kembalikan": kembalikan, "batas": batas}
        hasil: Iterable[Any] = self.jalankan("kirim_berikut", **nilai)
        return [
            BarisKirim(
                Bacaan(
                    baris[2],
                    sesi.unitup,
                    sesi.thblrek,
                    sesi.hari_baca,
                    tgl_baca=baris[3],
                    slalwbp=baris[4],
                    sahlwbp=baris[5],
                    slawbp=baris[6],
                    sahwbp=baris[7],
                    slakvarh=baris[8],
                    sahkvarh=baris[9],
                ),
                baris[0],
                baris[1],
            )
            for baris in hasil
        ]

    def catat_batch(self, sesi: Sesi, kunci: str, oleh: str, idpel: list[str], sidik_isi: str) -> datetime:
        """Record a batch as in flight; the ledger checks epoch, approval, sender and every row. Return since when."""
        sejak: datetime = self.jalankan(
            "batch_catat",
            kunci=kunci,
            sesi_id=sesi.id,
            epoch=sesi.epoch,
            oleh=oleh,
            idpel=json.dumps(idpel),  # as one text: the driver writes an array value by value
            sidik_isi=sidik_isi,
        ).scalar_one()
        return sejak

    def dalam_perjalanan(self, sesi: Sesi) -> list[BatchDikirim]:
        """Return the session's batches whose outcome is not known yet."""
        return [BatchDikirim(**baris._mapping) for baris in self.jalankan("batch_dikirim", sesi_id=sesi.id)]

    def selesaikan(self, kunci: str, status: str, keterangan: str | None = None) -> datetime | None:
        """Settle a batch (DITERAPKAN or BATAL) and return when; None if it was settled before."""
        hasil = self.jalankan("batch_selesai", kunci=kunci, status=status, keterangan=keterangan)
        sejak: datetime | None = hasil.scalar_one_or_none()
        return sejak

    def catat_hasil(self, sesi: Sesi, kunci: str | None, hasil: Sequence[Hasil]) -> dict[str, Any]:
        """Write the outcomes of rows down (one statement); return what the trail keeps of them.

        ``sidik_hasil``: SHA-256 over what stands now. ``jumlah``: rows by status. ``baris``: by status and code, the
        rows that were not posted.
        """
        isi = json.dumps([hasil._asdict() for hasil in hasil])
        sidik: str = self.jalankan("hasil_catat", sesi_id=sesi.id, kunci=kunci, hasil=isi).scalar_one()
        baris: dict[str, list[str]] = {}
        for hasil_ini in hasil:
            if hasil_ini.status not in BERHASIL:
                baris.setdefault(f"{hasil_ini.status} {hasil_ini.kode or '-'}", []).append(hasil_ini.idpel)
        return {"sidik_hasil": sidik, "jumlah": dict(Counter(hasil.status for hasil in hasil)), "baris": baris}

    def tidak_jadi(self, sesi: Sesi) -> list[tuple[str, str | None, list[str]]]:
        """Return every row that AP2T refused, or that changed before it went: status, code, idpel."""
        return [(baris.status, baris.kode, baris.idpel) for baris in self.jalankan("hasil_tidak_jadi", sesi_id=sesi.id)]

    def ringkas(self, sesi: Sesi) -> list[dict[str, Any]]:
        """Return outcomes by status and code: jumlah, and the first idpel of each."""
        return [dict(baris._mapping) for baris in self.jalankan("hasil_hitung", sesi_id=sesi.id)]
