"""What changed at the source since the snapshot: an approval binds exactly what was shown."""

from __future__ import annotations

from operator import itemgetter

from ap2t.domain.model import KOLOM_TERIKAT, Bacaan

_TERIKAT = tuple((Bacaan._fields.index(kolom), kolom) for kolom in KOLOM_TERIKAT)
_ambil = itemgetter(*(nomor for nomor, _ in _TERIKAT))


def berubah(cuplikan: Bacaan, kini: Bacaan) -> tuple[str, ...]:
    """Name the bound columns (``KOLOM_TERIKAT``) in which two states of a row differ, in the bound order.

    Numbers are compared as numbers (1.50 equals 1.5), instants as instants (whatever their zone), and an empty
    ``cacat`` equals none. Nothing and zero are different.
    """
    if _ambil(cuplikan) == _ambil(kini):
        return ()
    return tuple(kolom for nomor, kolom in _TERIKAT if _beda(cuplikan[nomor], kini[nomor], kolom))


def _beda(lama: object, baru: object, kolom: str) -> bool:
    if kolom == "cacat":
        return (lama or None) != (baru or None)
    return lama != baru
