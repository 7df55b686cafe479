"""Hands the customers who are wanted out as a file that a process of its own writes (``berkas.py``)."""

from __future__ import annotations

import asyncio
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from starlette.responses import StreamingResponse

from ap2t.domain.model import Unit
from ap2t.web.anak import berjalan
from ap2t.web.kolam import KOLAM
from ap2t.web.masalah import Masalah
from ap2t.web.pelanggan.berkas import CSV, XLSX, pesan
from ap2t.web.pelanggan.daftar import DaftarPelanggan
from ap2t.web.pelanggan.indeks import PilihanPelanggan

BERKAS_DETIK = 600.0
"""Seconds after which a file that is still not fetched is broken off, so that others get its place."""
POTONG = 1 << 16
_JENIS = {CSV: "text/csv; charset=utf-8", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


async def unduh(
    daftar: DaftarPelanggan, unit: Unit, thblrek: str, pilihan: PilihanPelanggan, bentuk: str
) -> StreamingResponse:
    """Return every customer of the list that is wanted, as a file.

    :raises Masalah: 503, the list is still being made up.
    """
    if daftar.hilang or daftar.usang:
        raise Masalah(503, "MENYIAPKAN", daftar.galat or "Daftarnya masih disusun. Tunggu sebentar.", tunggu=2)
    nama = f"pelanggan-{unit.unitup}-{thblrek}-{datetime.now(UTC):%Y%m%d%H%M}.{bentuk}"
    kepala = {"Content-Disposition": f'attachment; filename="{nama}"'}
    masukan = (pesan(bentuk, unit.zona_waktu, pilihan), await KOLAM.jalankan(daftar.indeks.salinan))
    return StreamingResponse(_alirkan(*masukan), media_type=_JENIS[bentuk], headers=kepala)


async def _alirkan(*masukan: bytes) -> AsyncIterator[bytes]:
    """Pass on what the process writes, as it comes."""
    akhir = time.monotonic() + BERKAS_DETIK
    async with berjalan("ap2t.web.pelanggan.berkas", stdin=PIPE) as anak:
        assert anak.stdin is not None  # noqa: S101 -- a pipe
        assert anak.stdout is not None  # noqa: S101
        tulis = asyncio.create_task(_isikan(anak.stdin, masukan))
        try:
            while potong := await asyncio.wait_for(anak.stdout.read(POTONG), akhir - time.monotonic()):
                yield potong
            if await anak.wait():
                raise RuntimeError("berkas tidak selesai ditulis")  # the answer breaks off: no half file looks whole
        finally:
            tulis.cancel()


async def _isikan(pipa: asyncio.StreamWriter, masukan: tuple[bytes, ...]) -> None:
    """Write piece by piece, because asyncio keeps a copy of what the pipe does not take at once."""
    try:
        for isi in masukan:
            utuh = memoryview(isi)
            for awal in range(0, len(isi), POTONG):
                pipa.write(utuh[awal : awal + POTONG])
                await pipa.drain()
        pipa.close()
    except (BrokenPipeError, ConnectionResetError):
        return
