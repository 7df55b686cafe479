"""Has a reading changed at the source since the snapshot? The same text is the same reading; else the values decide."""

from __future__ import annotations

from ap2t.domain.perubahan import berubah
from ap2t.ledger import cuplikan
from ap2t.source import salinan
from ap2t.source.salinan import Terbaca


def beda_teks(lama: bytes, kini: Terbaca) -> tuple[str, ...]:
    """Name the bound columns in which the source's row differs from the snapshot's COPY text.

    Where both are the same text, every value is the same and nothing is read out of it.
    """
    b, mentah = kini
    if mentah is None:
        return berubah(cuplikan.bacaan(lama), b)
    if mentah + cuplikan.TANPA_CACAT == lama:
        return ()
    return berubah(cuplikan.bacaan(lama), salinan.utuh(mentah))
