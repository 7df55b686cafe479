"""The customers of a unit's month: the list, the same as files, and one of them."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Header, Path, Query
from starlette.responses import StreamingResponse

from ap2t.domain.kontrak import periksa_hari_baca
from ap2t.domain.model import Dlpd
from ap2t.domain.status import Status
from ap2t.web.anak import lingkungan, perintah
from ap2t.web.kolam import KOLAM, RuteKolam
from ap2t.web.konteks import Bulan, H, Jawaban, K, Konteks, UnitDilihat, sekarang
from ap2t.web.loket import Loket
from ap2t.web.masalah import Masalah
from ap2t.web.pelanggan import daftar as pelanggan
from ap2t.web.pelanggan.berkas import CSV, XLSX, pesan
from ap2t.web.pelanggan.indeks import Pilihan
from ap2t.web.rute.sesi import Arah, Ke, Ukuran

rute = APIRouter(route_class=RuteKolam)
CARI_MAKS = 60
BERKAS_SERENTAK = 2
"""Files written at once, each with a copy of its unit's month; one for a person."""
BERKAS_DETIK = 600.0
"""Seconds after which a file that is still not fetched is broken off: its place is others' then."""
POTONG = 1 << 16
_JENIS = {CSV: "text/csv; charset=utf-8", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_loket = Loket(BERKAS_SERENTAK, "Berkas untuk orang lain sedang ditulis. Tunggu giliran sebentar.")
_BUKAN_TEKS = re.compile(r"[\x00-\x1f\x7f]")
Jam = Annotated[Decimal | None, Query(ge=0, le=1_000_000, allow_inf_nan=False)]


class UrutPelanggan(StrEnum):
    """By what customers are sorted."""

    IDPEL = "idpel"
    NAMA = "nama"
    KDDK = "kddk"
    TARIF = "tarif"
    DAYA = "daya"
    HARI_BACA = "hari_baca"
    STATUS = "status"
    KWH = "kwh"
    JAM_NYALA = "jam_nyala"
    SEJAK = "sejak"


async def pilihan(
    hari_baca: str | None = None,
    status: Annotated[list[Status] | None, Query()] = None,
    dlpd: Annotated[list[Dlpd] | None, Query()] = None,
    jam_min: Jam = None,
    jam_maks: Jam = None,
    urut: UrutPelanggan = UrutPelanggan.IDPEL,
    arah: Arah = Arah.NAIK,
    halaman: Ke = 1,
    ukuran: Ukuran = 50,
    x_cari: Annotated[str | None, Header(max_length=CARI_MAKS * 12)] = None,
) -> Pilihan:
    """Return which customers are wanted.

    What is searched for comes in a header, percent-encoded: Airflow writes addresses to its log, and it may be a name.
    """
    cari = unquote(x_cari or "")
    if len(cari.strip()) > CARI_MAKS or _BUKAN_TEKS.search(cari):
        raise Masalah(400, "CARI", f"Kata yang dicari paling panjang {CARI_MAKS} huruf, dan hanya huruf biasa.")
    kode = periksa_hari_baca(hari_baca) if hari_baca else None
    himpun = (frozenset(status or ()), frozenset(dlpd or ()))
    return Pilihan(kode, *himpun, jam_min, jam_maks, cari.strip() or None, urut, arah is Arah.TURUN, halaman, ukuran)


Dipilih = Annotated[Pilihan, Depends(pilihan)]


def _cari(konteks: Konteks, unit: UnitDilihat, thblrek: str, pilihan: Pilihan) -> pelanggan.DaftarPelanggan:
    if pilihan.hari_baca is not None:
        konteks.pastikan(unit.unitup, thblrek, pilihan.hari_baca)
    return pelanggan.daftar(konteks.kelompok, konteks.penyegar, unit, thblrek, pilihan.hari_baca)


@rute.get("/api/unit/{unitup}/{thblrek}/pelanggan")
def daftar(konteks: K, unit: UnitDilihat, thblrek: Bulan, pilihan: Dipilih) -> Jawaban:
    """Return a page of the unit's customers of a month."""
    daftar = _cari(konteks, unit, thblrek, pilihan)
    isi = daftar.indeks.daftar(pilihan)
    jumlah = len(daftar.kelompok)
    jawab: dict[str, Any] = {
        "sekarang": sekarang(),
        "jumlah": isi.jumlah,
        "halaman": pilihan.halaman,
        "ukuran": pilihan.ukuran,
        "per_status": isi.per_status,
        "acmt_pada": daftar.pada,
        "menyiapkan": {"selesai": jumlah - len(daftar.hilang), "dari": jumlah} if daftar.hilang else None,
        "menyusul": daftar.usang,
        "galat": daftar.galat,
        "baris": isi.baris,
    }
    return Jawaban(jawab)


async def giliran(hak: H) -> AsyncIterator[None]:
    """Hold one of the few places of those who fetch a file, until all of the answer is sent."""
    with _loket.dilayani(hak.orang.username):
        yield


Giliran = Annotated[None, Depends(giliran)]


@rute.get("/api/unit/{unitup}/{thblrek}/pelanggan.csv")
async def berkas_csv(konteks: K, unit: UnitDilihat, thblrek: Bulan, pilihan: Dipilih, _: Giliran) -> StreamingResponse:
    """Return every customer that is wanted, as CSV."""
    return await _kirim_berkas(konteks, unit, thblrek, pilihan, CSV)


@rute.get("/api/unit/{unitup}/{thblrek}/pelanggan.xlsx")
async def berkas_xlsx(konteks: K, unit: UnitDilihat, thblrek: Bulan, pilihan: Dipilih, _: Giliran) -> StreamingResponse:
    """Return every customer that is wanted, as a workbook."""
    return await _kirim_berkas(konteks, unit, thblrek, pilihan, XLSX)


async def _kirim_berkas(
    konteks: Konteks, unit: UnitDilihat, thblrek: str, pilihan: Pilihan, bentuk: str
) -> StreamingResponse:
    daftar = await KOLAM.jalankan(_cari, konteks, unit, thblrek, pilihan)
    if daftar.hilang or daftar.usang:
        raise Masalah(503, "MENYIAPKAN", daftar.galat or "Daftarnya masih disusun. Tunggu sebentar.", tunggu=2)
    nama = f"pelanggan-{unit.unitup}-{thblrek}-{datetime.now(UTC):%Y%m%d%H%M}.{bentuk}"
    kepala = {"Content-Disposition": f'attachment; filename="{nama}"'}
    masukan = (pesan(bentuk, unit.zona_waktu, pilihan), await KOLAM.jalankan(daftar.indeks.salinan))
    return StreamingResponse(_alir(*masukan), media_type=_JENIS[bentuk], headers=kepala)


async def _alir(*masukan: bytes) -> AsyncIterator[bytes]:
    """Have the file written by a process of its own, and pass it on as it comes."""
    pipa, sampai = asyncio.subprocess.PIPE, time.monotonic() + BERKAS_DETIK
    anak = await asyncio.create_subprocess_exec(
        *perintah("ap2t.web.pelanggan.berkas"), stdin=pipa, stdout=pipa, env=lingkungan()
    )
    assert anak.stdin is not None  # noqa: S101 -- a pipe
    assert anak.stdout is not None  # noqa: S101
    tulis = asyncio.create_task(_isikan(anak.stdin, masukan))
    try:
        while potong := await asyncio.wait_for(anak.stdout.read(POTONG), sampai - time.monotonic()):
            yield potong
        if await anak.wait():
            raise RuntimeError("berkas tidak selesai ditulis")  # the answer breaks off: no half file looks whole
    finally:
        tulis.cancel()
        if anak.returncode is None:
            anak.kill()
            await anak.wait()


async def _isikan(masuk: asyncio.StreamWriter, masukan: tuple[bytes, ...]) -> None:
    """Write piece by piece: what the pipe does not take at once is kept a second time."""
    try:
        for isi in masukan:
            utuh = memoryview(isi)
            for awal in range(0, len(isi), POTONG):
                masuk.write(utuh[awal : awal + POTONG])
                await masuk.drain()
        masuk.close()
    except (BrokenPipeError, ConnectionResetError):
        return


@rute.get("/api/unit/{unitup}/{thblrek}/pelanggan/{idpel}")
def satu(konteks: K, unit: UnitDilihat, thblrek: Bulan, idpel: Annotated[str, Path(pattern="^[0-9]{12}$")]) -> Jawaban:
    """Return everything known of one customer."""
    return Jawaban(pelanggan.satu(konteks.data, unit, thblrek, idpel))
