"""The views of the source contract, and the look at whether they are there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import Connection, Executable, column, false, select, table
from sqlalchemy.exc import DBAPIError

from ap2t.domain.harga import Harga
from ap2t.domain.model import KOLOM_BACAAN, KOLOM_PILIHAN, BulanLalu

SKEMA = "acmt"
KONTRAK: dict[str, tuple[str, ...]] = {
    "v_unit": ("unitup", "nama", "unitap", "unitupi", "zona_waktu"),
    "v_petugas": ("username", "nama", "email", "peran", "unitup", "aktif"),
    "v_jadwal_hari_baca": ("unitup", "thblrek", "hari_baca", "tgl_mulai", "jumlah_hari"),
    "v_bacaan": KOLOM_BACAAN,
}
"""The views of schema ``acmt`` and their columns."""
PILIHAN: dict[str, tuple[str, ...]] = {
    "v_bacaan": KOLOM_PILIHAN,
    "v_riwayat": BulanLalu._fields,
    "v_harga": Harga._fields,
}
"""The columns, and the views, that may be offered besides."""
KUNCI_PILIHAN = {
    "v_bacaan": frozenset[str](),
    "v_riwayat": frozenset(BulanLalu._fields[:2]),
    "v_harga": frozenset(Harga._fields),
}
"""The columns without which a view is of no use."""


def probe(view: str, kolom: Sequence[str]) -> Executable:
    """Return a statement that reads no row of these columns, and fails where one is missing or may not be read."""
    return select(*map(column, kolom)).select_from(table(view, schema=SKEMA)).where(false())


def kolom_terbaca(
    conn: Connection,
    view: str,
    kolom: Sequence[str],
    tidak_melayani: Callable[[DBAPIError], bool],
    kunci: Collection[str] = (),
) -> list[str]:
    """Return the columns of a view that can be read, asked for together, or else one by one.

    :param kunci: columns without which the view is of no use: then none of it counts as readable.

    SELECT is all the contract grants, so nothing but a SELECT is asked.

    :param tidak_melayani: whether an error is none of the column's: it is raised, and no column counts as missing.
    """

    def terbaca(*nama: str) -> bool:
        try:
            conn.execute(probe(view, nama))
        except DBAPIError as galat:
            if tidak_melayani(galat):
                raise
            conn.rollback()
            return False
        return True

    if terbaca(*kolom):
        return list(kolom)
    return [nama for nama in kolom if terbaca(nama)] if not kunci or terbaca(*kunci) else []
