"""The customers of a unit's month: the list, the same as files, and one of them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import StreamingResponse

from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.kontrak import periksa_hari_baca
from ap2t.domain.status import Status
from ap2t.web.kolam import KOLAM, RuteKolam
from ap2t.web.konteks import BulanDilihat, JawabanJson, KataCari, Konteks, KonteksRute, UnitDilihat
from ap2t.web.loket import Loket
from ap2t.web.pelanggan import daftar as pelanggan
from ap2t.web.pelanggan.berkas import CSV, XLSX
from ap2t.web.pelanggan.indeks import PilihanPelanggan
from ap2t.web.pelanggan.unduhan import unduh
from ap2t.web.rute.sesi import ArahUrut, BarisSehalaman, NomorHalaman, UrutUmum

rute = APIRouter(route_class=RuteKolam)
BERKAS_SERENTAK = 2
"""Files written at once, each with a copy of its unit's month; one for a person."""
_loket = Loket(BERKAS_SERENTAK, "Berkas untuk orang lain sedang ditulis. Tunggu giliran sebentar.")
JamNyala = Annotated[Decimal | None, Query(ge=0, le=1_000_000, allow_inf_nan=False)]


UrutPelanggan = Literal[UrutUmum, "hari_baca", "status", "sejak"]
"""By what customers are sorted."""


async def pilihan(
    hari_baca: str | None = None,
    status: Annotated[list[Status] | None, Query()] = None,
    dlpd: Annotated[list[Dlpd] | None, Query()] = None,
    jam_min: JamNyala = None,
    jam_maks: JamNyala = None,
    urut: UrutPelanggan = "idpel",
    arah: ArahUrut = "naik",
    halaman: NomorHalaman = 1,
    ukuran: BarisSehalaman = 50,
    cari: KataCari = None,
) -> PilihanPelanggan:
    """Return which customers are wanted."""
    return PilihanPelanggan(
        hari_baca=periksa_hari_baca(hari_baca) if hari_baca else None,
        status=frozenset(status or ()),
        dlpd=frozenset(dlpd or ()),
        jam_min=jam_min,
        jam_maks=jam_maks,
        cari=cari,
        urut=urut,
        turun=arah == "turun",
        halaman=halaman,
        ukuran=ukuran,
    )


Dipilih = Annotated[PilihanPelanggan, Depends(pilihan)]
GiliranBerkas = Annotated[None, Depends(_loket.giliran)]


@rute.get("/api/unit/{unitup}/{thblrek}/pelanggan")
def daftar_pelanggan(konteks: KonteksRute, unit: UnitDilihat, thblrek: BulanDilihat, pilihan: Dipilih) -> JawabanJson:
    """Return a page of the unit's customers of a month."""
    daftar = _cari(konteks, unit, thblrek, pilihan)
    isi = daftar.indeks.daftar(pilihan)
    jumlah = len(daftar.kelompok)
    return JawabanJson(
        {
            "sekarang": datetime.now(UTC),
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
    )


def _cari(konteks: Konteks, unit: UnitDilihat, thblrek: str, pilihan: PilihanPelanggan) -> pelanggan.DaftarPelanggan:
    if pilihan.hari_baca is not None:
        konteks.pastikan(unit.unitup, thblrek, pilihan.hari_baca)
    return pelanggan.cari_daftar(konteks.kelompok, konteks.penyegar, unit, thblrek, pilihan.hari_baca)


@rute.get("/api/unit/{unitup}/{thblrek}/pelanggan.csv")
async def berkas_csv(
    konteks: KonteksRute, unit: UnitDilihat, thblrek: BulanDilihat, pilihan: Dipilih, _: GiliranBerkas
) -> StreamingResponse:
    """Return every customer that is wanted, as CSV."""
    return await unduh(await KOLAM.jalankan(_cari, konteks, unit, thblrek, pilihan), unit, thblrek, pilihan, CSV)


@rute.get("/api/unit/{unitup}/{thblrek}/pelanggan.xlsx")
async def berkas_xlsx(
    konteks: KonteksRute, unit: UnitDilihat, thblrek: BulanDilihat, pilihan: Dipilih, _: GiliranBerkas
) -> StreamingResponse:
    """Return every customer that is wanted, as a workbook."""
    return await unduh(await KOLAM.jalankan(_cari, konteks, unit, thblrek, pilihan), unit, thblrek, pilihan, XLSX)


@rute.get("/api/unit/{unitup}/{thblrek}/pelanggan/{idpel}")
def rincian_pelanggan(
    konteks: KonteksRute, unit: UnitDilihat, thblrek: BulanDilihat, idpel: Annotated[str, Path(pattern="^[0-9]{12}$")]
) -> JawabanJson:
    """Return everything known of one customer."""
    return JawabanJson(pelanggan.rincian_json(konteks.data, unit, thblrek, idpel))
