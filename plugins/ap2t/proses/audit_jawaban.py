"""What an answer that was taken up says, against what arrived: the fields are read again from the form as it came."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from ap2t.galat import BukuMenolak
from ap2t.ledger import kedatangan, persetujuan, sesi
from ap2t.proses.isian import baca_kembalikan


def beda_isian(conn: Connection, s: sesi.Sesi) -> Iterator[str]:
    """Yield each answer whose note, or whose customers sent back, are not those of the form that arrived."""
    try:
        tiba = {t.id: t for t in kedatangan.semua(conn, s.id)}
    except (TypeError, ValueError):
        yield "isian sebuah jawaban yang tiba tidak dapat dibaca"
        return
    for j in persetujuan.semua(conn, s):
        t = tiba.get(j.tiba or 0)
        if t is None:
            continue  # told by the rule over the tables
        catatan = t.isian.get("catatan")
        try:
            sama = sorted(baca_kembalikan(t.isian.get("kembalikan"))) == sorted(j.kembalikan)
            sama = sama and ((catatan or "").strip() or None) == j.catatan
        except (BukuMenolak, AttributeError):
            sama = False
        if not sama:
            yield f"jawaban ke-{j.urutan} ({j.oleh}): yang dikembalikan atau catatannya berbeda dari isian yang tiba"
