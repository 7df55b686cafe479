"""The outbox of notifications: rows derived from the trail, and what became of each. No step of a run looks here."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from ap2t.domain.kode import StatusPesan
from ap2t.ledger.buku import Transaksi

SUREL = "surel"
"""The channel that is mail; every other one is the id of an Apprise connection."""


class PeristiwaJejak(NamedTuple):
    """One entry of the trail that somebody is told of. ``lama``: first seen more than a day after it happened."""

    id: int
    pada: datetime
    sesi_id: int | None
    jenis: str
    pelaku: str
    isi: dict[str, Any]
    lama: bool


class Pengingat(NamedTuple):
    """A gate of which its people are to be reminded, since ``pada``."""

    sesi_id: int
    urutan: int
    orang: list[str]
    pada: datetime


class SuratBaru(NamedTuple):
    """A message to be written down: whom to tell what over which channel."""

    peristiwa: str
    jenis: str
    unitup: str
    terjadi_pada: datetime
    kepada: str = ""
    saluran: str = ""
    alamat: str | None = None
    jejak_id: int | None = None
    sesi_id: int | None = None
    urutan: int | None = None
    status: str = StatusPesan.MENUNGGU
    keterangan: str | None = None


class Surat(NamedTuple):
    """A message that is due.

    ``isi``: what the trail's entry says; None: it comes from none. ``basi``: given up for its age. ``usang``: what it
    asks for was done meanwhile.
    """

    id: int
    peristiwa: str
    jenis: str
    sesi_id: int | None
    urutan: int | None
    unitup: str
    kepada: str
    saluran: str
    alamat: str | None
    percobaan: int
    terjadi_pada: datetime
    isi: dict[str, Any] | None
    basi: bool
    usang: bool


def maju(tx: Transaksi, dari: int, sampai: int) -> bool:
    """Move the cursor on. False: another reader did meanwhile."""
    return tx.jalankan("pemberitahuan_maju", dari=dari, sampai=sampai).rowcount == 1


def selesai(tx: Transaksi, surat: Surat, status: str, keterangan: str | None = None, *, dicoba: bool = True) -> None:
    """Record that nothing more is done about a message."""
    nilai = {"id": surat.id, "status": status, "keterangan": keterangan, "dicoba": int(dicoba)}
    tx.jalankan("pemberitahuan_selesai", **nilai)
