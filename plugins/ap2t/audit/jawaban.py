"""Reads the form of each answer again as it arrived, and compares it with what was taken up."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ap2t.galat import BukuMenolak
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.sesi import Sesi
from ap2t.proses.isian import baca_kembalikan


def beda_isian(tx: Transaksi, sesi: Sesi) -> Iterator[str]:
    """Yield each answer whose note, or whose customers sent back, are not those of the form that arrived."""
    for baris in tx.jalankan("audit_isian", sesi_id=sesi.id).all():
        try:
            isian = json.loads(baris.isian)
            catatan = (isian.get("catatan") or "").strip() or None
            kembalikan = sorted(baca_kembalikan(isian.get("kembalikan")))
            sama = (catatan, kembalikan) == (baris.catatan, sorted(baris.kembalikan))
        except (AttributeError, BukuMenolak, TypeError, ValueError):  # tampered with: it cannot be read at all
            sama = False
        if not sama:
            beda = "yang dikembalikan atau catatannya berbeda dari isian yang tiba"
            yield f"jawaban ke-{baris.urutan} ({baris.oleh}): {beda}"
