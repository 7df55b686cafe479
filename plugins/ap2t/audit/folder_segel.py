"""The folder of the trail's seals: one file a year, one JSON line a seal with the hash of the line before.

It lies outside the database. Whoever rewrites the whole trail, or cuts its tail, cannot bring these files along.
Whoever cuts or edits a file breaks its own chain, and the trail mentions every seal that was made.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import partial
from io import FileIO
from pathlib import Path

from ap2t.domain.teks import dari_json, hari
from ap2t.galat import SegelTidakSah

AWAL = hashlib.sha256(b"awal").hexdigest()
"""What the first seal of a folder has as the hash of the line before."""
NAMA = re.compile(r"segel-(\d{4})\.jsonl")
_KUNCI = ".kunci"
JEJAK_MAKS = 1 << 63
"""Numbers of entries stay below it, as the ledger's own do."""
SABAR = 30.0
"""Seconds to wait for another process that makes a seal, or looks at them."""


@dataclass(frozen=True)
class Segel:
    """One seal: the head of the trail at an instant.

    ``ke``: number of the seal, from 1. ``dibuat``: when the line was written, ISO, UTC. ``buku``: the ledger's own
    name. ``jejak``, ``sidik``: number and SHA-256 of the last entry. ``jumlah``: entries in the trail.
    ``sebelum``: SHA-256 of the line before.
    """

    ke: int
    dibuat: str
    buku: str
    jejak: int
    sidik: str
    jumlah: int
    sebelum: str

    @property
    def baris(self) -> str:
        """The line, without its end."""
        return json.dumps(asdict(self))

    @property
    def saat(self) -> datetime:
        """When the line was written."""
        return datetime.fromisoformat(self.dibuat)

    @property
    def sidik_baris(self) -> str:
        """What the next line has as ``sebelum``."""
        return hashlib.sha256(self.baris.encode()).hexdigest()


@dataclass(frozen=True)
class IsiFolder:
    """What a folder holds: the seals in order up to the first fault, and that fault (None: all are whole)."""

    segel: tuple[Segel, ...]
    rusak: str | None

    @property
    def akhir(self) -> Segel | None:
        """The newest seal."""
        return self.segel[-1] if self.segel else None

    @property
    def sidik_akhir(self) -> str:
        """What the next seal has as ``sebelum``."""
        return self.akhir.sidik_baris if self.akhir else AWAL


def nama_berkas(tahun: int) -> str:
    """Return the name of a year's file."""
    return f"segel-{tahun:04d}.jsonl"


def baca_segel(folder: Path) -> IsiFolder:
    """Read every seal of a folder and follow the chain of its lines.

    The number of a seal says where it stands, not the year of its file. A clock that ran ahead over new year leaves a
    seal in next year's file, and this year's file goes on behind it.
    """
    letak: list[tuple[Segel, str]] = []
    rusak: str | None = None
    for berkas in sorted(berkas for berkas in folder.glob("*.jsonl") if NAMA.fullmatch(berkas.name)):
        isi = berkas.read_text(encoding="utf-8", errors="replace")
        for nomor, baris in enumerate(isi.split("\n")[:-1], 1):
            segel = uraikan(baris)
            if segel is None:
                rusak = rusak or f"{berkas.name} baris {nomor}: bukan baris segel yang sah"
            else:
                letak.append((segel, f"{berkas.name} baris {nomor}"))
        if not isi.endswith("\n"):
            rusak = rusak or f"{berkas.name}: baris terakhir terpotong"
    semua, putus = _rangkai(letak)
    return IsiFolder(semua, rusak or putus)


def _rangkai(letak: list[tuple[Segel, str]]) -> tuple[tuple[Segel, ...], str | None]:
    """Return the seals in order up to the first that does not chain, and what is wrong with that one."""
    semua: list[Segel] = []
    for ke, (segel, di) in enumerate(sorted(letak, key=lambda bertempat: bertempat[0].ke), 1):
        if segel.ke != ke:
            return tuple(semua), f"{di}: segel ke-{ke} hilang (yang ada: ke-{segel.ke})"
        if segel.sebelum != (semua[-1].sidik_baris if semua else AWAL):
            return tuple(semua), f"{di}: segel ke-{ke} tidak menyambung ke baris sebelumnya"
        semua.append(segel)
    return tuple(semua), None


def uraikan(baris: str) -> Segel | None:
    """Read a line, or return None: only exactly what :class:`Segel` writes is a seal."""
    try:
        segel = Segel(**dari_json(baris))
        if not all(type(getattr(segel, field.name)).__name__ == field.type for field in fields(segel)):
            return None
        hari(segel.saat)
        wajar = 0 < segel.jejak < JEJAK_MAKS and segel.buku.isprintable()
        return segel if wajar and segel.saat.tzinfo is not None and segel.baris == baris else None
    except (ValueError, TypeError, OverflowError):
        return None


@contextmanager
def terkunci(folder: Path) -> Iterator[None]:
    """Hold the folder for this process alone, and make it where it is missing.

    :raises SegelTidakSah: the folder cannot be made or written, or another process holds it for long.
    """
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        pegangan = os.open(folder / _KUNCI, os.O_RDWR | os.O_CREAT, 0o640)
    except OSError as galat:
        raise SegelTidakSah(
            f"Folder segel {folder} tidak dapat ditulisi ({galat.strerror}). Periksa hak foldernya."
        ) from galat
    try:
        if not _dikunci(pegangan, fcntl.LOCK_EX):
            raise SegelTidakSah(
                f"Folder segel {folder} dipegang proses lain lebih dari {SABAR:g} detik. Ulangi sebentar lagi; bila "
                f"tetap begitu, cari prosesnya dengan `fuser {folder / _KUNCI}`."
            )
        yield
    finally:
        os.close(pegangan)


@contextmanager
def tenang(folder: Path) -> Iterator[None]:
    """Let no seal be made meanwhile, so that folder and trail are looked at as they are at one moment.

    Whoever cannot get at the folder's lock, as with a copy of it, looks all the same.
    """
    try:
        pegangan = os.open(folder / _KUNCI, os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        _dikunci(pegangan, fcntl.LOCK_SH)
        yield
    finally:
        os.close(pegangan)


def _dikunci(pegangan: int, cara: int) -> bool:
    """Take the lock if it is to be had within ``SABAR`` seconds."""
    akhir = time.monotonic() + SABAR
    while True:
        try:
            fcntl.flock(pegangan, cara | fcntl.LOCK_NB)
        except OSError:  # somebody has it, or this file system knows no locks
            if time.monotonic() >= akhir:
                return False
            time.sleep(0.05)
        else:
            return True


def tambah_segel(folder: Path, tahun: int, segel: Segel) -> Path:
    """Append a seal to the year's file, bring it to the disk, and return the file.

    A line that could be written in part only (a full disk) is taken back.

    :raises SegelTidakSah: the line cannot be written whole.
    """
    berkas = folder / nama_berkas(tahun)
    baru = not berkas.exists()
    try:
        with open(berkas, "ab", buffering=0, opener=partial(os.open, mode=0o640)) as keluaran:
            _tulis_utuh(keluaran, f"{segel.baris}\n".encode())
        if baru:
            simpan_folder(folder)
    except OSError as galat:
        raise SegelTidakSah(
            f"Segel tidak dapat ditulis ke {berkas} ({galat.strerror}). Periksa folder dan ruangnya."
        ) from galat
    return berkas


def _tulis_utuh(keluaran: FileIO, baris: bytes) -> None:
    """Write all of it and bring it to the disk, or leave the file as it was."""
    awal = keluaran.seek(0, os.SEEK_END)
    try:
        sisa = memoryview(baris)
        while sisa:
            sisa = sisa[keluaran.write(sisa) :]
        os.fsync(keluaran.fileno())
    except OSError:
        with suppress(OSError):
            keluaran.truncate(awal)
        raise


def simpan_folder(folder: Path) -> None:
    """Bring to the disk what a folder names."""
    pegangan = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(pegangan)
    finally:
        os.close(pegangan)
