"""What the page asks of the ledger beside what the steps ask: versions, last sessions, rows by page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from ap2t.ledger.mesin import jalankan

Cap = tuple[Any, ...]
"""A version of what the ledger knows of one kelompok; only whether two are the same means something."""


def cap(conn: Connection, unitup: str, thblrek: str) -> dict[str, Cap]:
    """Return the version of each kelompok that has sessions."""
    return {b.hari_baca: tuple(b) for b in jalankan(conn, "tampilan_cap", unitup=unitup, thblrek=thblrek)}


class SesiAkhir(NamedTuple):
    """The last session of a kelompok, with its last gate and that gate's answer, if any.

    ``kesiapan``: what its waiting readiness step saw last. ``batas``, ``tutup``: its deadlines.
    """

    hari_baca: str
    id: int
    nomor: str
    jenis: str
    status: str
    tahap: str
    dag_id: str
    run_id: str
    dibuka_pada: datetime
    diakhiri_pada: datetime | None
    pemicu: str | None
    pengesah: int
    keterangan: str | None
    urutan: int | None
    orang: list[str] | None
    sejak: datetime | None
    keputusan: str | None
    oleh: str | None
    dijawab_pada: datetime | None
    batas: datetime | None
    tutup: datetime | None
    kesiapan: Mapping[str, Any] | None

    @property
    def terbuka(self) -> bool:
        """Whether it has not ended."""
        return self.diakhiri_pada is None

    @property
    def menunggu(self) -> bool:
        """Whether it waits for an answer at its last gate."""
        return self.status == "BERJALAN" and self.tahap == "MENUNGGU_PERSETUJUAN" and self._belum_dijawab

    @property
    def _belum_dijawab(self) -> bool:
        return self.urutan is not None and self.keputusan is None


def sesi_akhir(conn: Connection, unitup: str, thblrek: str) -> dict[str, SesiAkhir]:
    """Return the last session of each kelompok."""
    baris = jalankan(conn, "tampilan_sesi_akhir", unitup=unitup, thblrek=thblrek)
    return {b.hari_baca: SesiAkhir._make(b) for b in baris}
