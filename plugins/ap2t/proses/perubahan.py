"""Has a reading changed at the source since the snapshot? The same text is the same reading; else the values decide."""

from __future__ import annotations

from ap2t.domain.perubahan import berubah
from ap2t.ledger import cuplikan
from ap2t.source.salinan import Terbaca, lengkap


def beda_teks(lama: bytes, kini: Terbaca) -> tuple[str, ...]:
    """Name the bound columns in which the source's row differs from the snapshot's COPY text.

    Where both are the same text, every value is the same and nothing is read out of it.
    """
    mentah = kini[1]
    if mentah is not None and mentah + cuplikan.TANPA_CACAT == lama:
        return ()
    return berubah(cuplikan.bacaan(lama), lengkap(kini))
