"""What a cancellation was asked to do, and its snapshot: what AP2T held of each customer, and what it would undo."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from ap2t.domain.kode import HasilBatal
from ap2t.ledger.mesin import Tabel
from ap2t.ledger.sesi import Sesi

DAFTAR, SEMUA = "daftar", "semua"
"""Scopes: the customers named, or all of the kelompok that are approved."""


class PermintaanBatal(NamedTuple):
    """What was asked: scope, reason (10 to 500 characters), and the idpel named (none for ``semua``)."""

    cakupan: str
    alasan: str
    diminta: list[str]


class BarisPembatalan(NamedTuple):
    """One customer as AP2T held it.

    ``kodeposting``: None: not in AP2T's list. ``asal``: our session of ``no_pengesahan``; None: posted by others.
    ``kwh``, ``oleh``, ``waktu``: as AP2T shows them. ``sebab``: why it may not be cancelled; None: it may.
    """

    idpel: str
    kodeposting: int | None
    no_pengesahan: str | None = None
    asal: int | None = None
    kwh: Decimal | None = None
    oleh: str | None = None
    waktu: str | None = None
    sebab: str | None = None


class BarisKirimBatal(NamedTuple):
    """A row that may go, and the approval that is undone, as AP2T holds it."""

    idpel: str
    no_pengesahan: str


class BarisDibatalkan(NamedTuple):
    """A row of a cancellation with what came of it."""

    idpel: str
    hasil: str
    no_pengesahan: str | None
    status: str | None
    kode: str | None


def ringkas_pembatalan(isi: PermintaanBatal) -> dict[str, Any]:
    """Return what was asked as the trail keeps it: of the idpel their number and SHA-256."""
    sidik = hashlib.sha256(",".join(isi.diminta).encode()).hexdigest()
    return {"cakupan": isi.cakupan, "alasan": isi.alasan, "diminta": {"jumlah": len(isi.diminta), "sidik": sidik}}


def kepala_sidik_pembatalan(nomor: str, isi: PermintaanBatal) -> bytes:
    """Return what stands in front of the rows in a cancellation's digest: its number, and what was asked."""
    return json.dumps([nomor, *isi], ensure_ascii=False).encode() + b"\n"


class TabelPembatalan(Tabel):
    """What a cancellation was asked to do, and what AP2T held of each customer."""

    def catat(self, sesi: Sesi, isi: PermintaanBatal) -> None:
        """Write down what a session that was just opened is asked to do."""
        diminta = json.dumps(isi.diminta)  # as one text: the driver writes an array value by value
        self.jalankan("pembatalan_catat", sesi_id=sesi.id, **{**isi._asdict(), "diminta": diminta})

    def ambil(self, sesi: Sesi) -> PermintaanBatal:
        """Return what a session is asked to do."""
        return self.satu_baris(PermintaanBatal, "pembatalan_ambil", sesi_id=sesi.id)

    def tulis(self, sesi: Sesi, baris: Iterable[BarisPembatalan]) -> None:
        """COPY rows into the snapshot."""
        with self.salin("pembatalan_salin_masuk") as salin:
            for satu in baris:
                hasil = HasilBatal.BOLEH if satu.sebab is None else HasilBatal.TIDAK
                salin.write_row((sesi.id, *satu[:-1], hasil, satu.sebab))

    def angka(self, sesi: Sesi) -> dict[str, Any]:
        """Return what a supervisor decides on: who may go, of which rounds, exact kWh, and why others may not."""
        return {
            "hasil": dict(self.jalankan("pembatalan_jumlah", sesi_id=sesi.id).one()._mapping),
            "putaran": [dict(baris._mapping) for baris in self.jalankan("pembatalan_putaran", sesi_id=sesi.id)],
            "alasan": [dict(baris._mapping) for baris in self.jalankan("pembatalan_alasan", sesi_id=sesi.id)],
        }

    def tautan(self, sesi: Sesi) -> dict[str, int]:
        """Return the approvals that a cancellation undid, or the cancellations that undid an approval.

        By number: how many customers.
        """
        return {baris.nomor: baris.jumlah for baris in self.jalankan("pembatalan_tautan", sesi_id=sesi.id)}
