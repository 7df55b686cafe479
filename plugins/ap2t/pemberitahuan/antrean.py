"""The outbox of notifications: rows derived from the trail, and what became of each.

No step of a run looks here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ap2t.ledger.buku import Transaksi

SUREL = "surel"
"""The channel that is mail; every other one is the id of an Apprise connection."""


class Kursor(NamedTuple):
    """Numbers in the trail.

    ``sampai``: the last entry that was read; None: the outbox was never at work. ``ujung``: the trail's end.
    """

    sampai: int | None
    ujung: int


class PeristiwaJejak(NamedTuple):
    """One entry of the trail that somebody is told of.

    ``lama``: first seen more than a day after it happened.
    """

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
    status: str = "MENUNGGU"
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


def kursor(tx: Transaksi) -> Kursor:
    """Return how far the outbox has read, and where the trail ends."""
    return Kursor(**tx.jalankan("pemberitahuan_kursor").one()._mapping)


def mulai(tx: Transaksi, ujung: int) -> None:
    """Begin at the trail's end, unless somebody has begun."""
    tx.jalankan("pemberitahuan_mulai", ujung=ujung)


def maju(tx: Transaksi, dari: int, sampai: int) -> bool:
    """Move the cursor on. False: another reader did meanwhile."""
    return tx.jalankan("pemberitahuan_maju", dari=dari, sampai=sampai).rowcount == 1


def peristiwa(tx: Transaksi, sesudah: int, sampai: int, jenis: Sequence[str], batas: int) -> list[PeristiwaJejak]:
    """Return the first ``batas`` entries of these kinds after ``sesudah`` up to ``sampai``, in order."""
    nilai = {"sesudah": sesudah, "sampai": sampai, "jenis": list(jenis), "batas": batas}
    return [PeristiwaJejak(**baris._mapping) for baris in tx.jalankan("pemberitahuan_peristiwa", **nilai)]


def pengingat(tx: Transaksi, batas: int) -> list[Pengingat]:
    """Return gates that have waited for half of their time, and of which nobody was reminded."""
    return [Pengingat(**baris._mapping) for baris in tx.jalankan("pemberitahuan_pengingat", batas=batas)]


def catat_surat(tx: Transaksi, surat: SuratBaru) -> bool:
    """Write a message down unless it stands already, and return whether it was written."""
    return tx.jalankan("pemberitahuan_catat", **surat._asdict()).rowcount == 1


def saluran_perlu(tx: Transaksi) -> list[str]:
    """Return channels that have something due: first those that worked."""
    return list(tx.jalankan("pemberitahuan_saluran").scalars())


def ambil_surat(tx: Transaksi, saluran: str, sewa: float) -> Surat | None:
    """Take the oldest message due. Once this is committed no other sender takes it for ``sewa`` seconds."""
    baris = tx.jalankan("pemberitahuan_ambil", saluran=saluran, sewa=sewa).one_or_none()
    return None if baris is None else Surat(**baris._mapping)


def selesai(tx: Transaksi, surat: Surat, status: str, keterangan: str | None = None, *, dicoba: bool = True) -> None:
    """Record that nothing more is done about a message."""
    nilai = {"id": surat.id, "status": status, "keterangan": keterangan, "dicoba": int(dicoba)}
    tx.jalankan("pemberitahuan_selesai", **nilai)


def gagal(tx: Transaksi, surat: Surat, keterangan: str) -> None:
    """Record an attempt in vain. The next one comes later each time."""
    tx.jalankan("pemberitahuan_gagal", id=surat.id, keterangan=keterangan)


def daftar_kabar(tx: Transaksi, unitup: str | None, *, gagal: bool, batas: int) -> list[dict[str, Any]]:
    """Return the newest messages for a person to look at."""
    nilai = {"unitup": unitup, "gagal": gagal, "batas": batas}
    return [dict(baris) for baris in tx.jalankan("pemberitahuan_daftar", **nilai).mappings()]
