"""The rekap of units and months (SOP 12.1, purpose 2), now or as of a past moment.

Two sources, told apart in every row. The ledger's sums are kept as the facts come and read no customer's row. How far
the readings are in ACMT and what AP2T counts is either asked now (``acmt_pada``, ``ap2t_pada``: now), or what a
session saw last (then: when).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ap2t.domain.kesiapan import KesiapanKelompok, Tahap
from ap2t.domain.kode import JenisSesi
from ap2t.domain.model import Tempat, Unit
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import ribuan
from ap2t.galat import Ap2tMenolak, MasukanTidakSah
from ap2t.ledger.buku import Buku
from ap2t.lihat import fakta
from ap2t.lihat.fakta import BarisPutaran, Dilihat, JumlahSesi
from ap2t.lihat.lembar import judul
from ap2t.lihat.status_pelanggan import Mata
from ap2t.proses.layanan import Lapor


class Tingkat(StrEnum):
    """What a row of the rekap is about."""

    KELOMPOK = "KELOMPOK"
    UNIT = "UNIT"
    AREA = "AREA"
    WILAYAH = "WILAYAH"


class BarisRekap(NamedTuple):
    """Customers of a kelompok (or of all kelompok of a unit, area or region) by how far they are.

    None: not known. ``belum_disahkan`` + ``sudah_disahkan`` + ``suplai_stan`` are all customers; ``dibatalkan``
    (cancelled and not approved again) are among the first. ``jam_nyala_2000``, ``ditahan``: what the last sieve holds.
    ``diluar_sistem``: at 1 or 3 by other hands. ``kwh_disahkan``: of those at 1 or 3 by ours. ``selisih_ap2t``:
    customers at 1 or 3 in AP2T less those the ledger knows of; None: AP2T was not asked.
    """

    tingkat: Tingkat
    unitupi: str | None
    unitap: str | None
    unitup: str
    thblrek: str
    hari_baca: str
    pelanggan: int | None
    terisi: int | None
    terverifikasi: int | None
    terkirim: int | None
    jam_nyala_2000: int | None
    ditahan: int | None
    belum_disahkan: int | None
    sudah_disahkan: int
    dibatalkan: int
    suplai_stan: int
    diluar_sistem: int
    kwh_disahkan: Decimal
    selisih_ap2t: int | None
    putaran: int
    acmt_pada: datetime | None
    ap2t_pada: datetime | None
    sesi: str


JUDUL = judul(
    *("hari_baca", "thblrek", "pelanggan", "terisi", "terverifikasi", "terkirim", "jam_nyala_2000", "belum_disahkan"),
    *("sudah_disahkan", "dibatalkan", "suplai_stan", "kwh_disahkan", "sesi"),
    thblrek="Bulan",
    jam_nyala_2000="Jam nyala > 2000",
    kwh_disahkan="kWh disahkan",
    sesi="Sesi terakhir",
)
"""The columns a person reads on the screen; the files have them all."""


def rekap_buku(
    buku: Buku,
    unit: Sequence[str],
    thblrek: str,
    hari_baca: str | None = None,
    pada: datetime | None = None,
    wilayah: Mapping[str, Unit] | None = None,
) -> list[BarisRekap]:
    """Return one row a kelompok that has sessions, by the ledger alone, as of now or of a past moment.

    :param wilayah: units by code, for area and region; they stand in ACMT only.
    """
    with buku.transaksi() as tx:
        semua = fakta.jumlah_sesi(tx, unit, thblrek, hari_baca, pada)
        per_kelompok = {Tempat(*kunci): list(sesi) for kunci, sesi in groupby(semua, key=lambda satu: satu.baris[:3])}
        tersaring = [akhir for sesi in per_kelompok.values() if (akhir := _saringan(sesi)) is not None]
        lepas = fakta.susut(tx, tersaring, pada)
    return [_rekap(tempat, sesi, lepas, (wilayah or {}).get(tempat.unitup)) for tempat, sesi in per_kelompok.items()]


def putaran_buku(
    buku: Buku, unit: Sequence[str], thblrek: str, hari_baca: str | None = None, pada: datetime | None = None
) -> list[BarisPutaran]:
    """Return one row a session, by unit, kelompok and time, by the ledger alone."""
    with buku.transaksi() as tx:
        return [sesi.baris for sesi in fakta.jumlah_sesi(tx, unit, thblrek, hari_baca, pada)]


def _saringan(sesi: Sequence[JumlahSesi]) -> JumlahSesi | None:
    """The last session that took a snapshot, which is the one whose sieve counts."""
    return next((satu for satu in reversed(sesi) if satu.cuplikan is not None), None)


def _rekap(
    tempat: Tempat, sesi: Sequence[JumlahSesi], lepas: Mapping[int, tuple[int, int]], unit: Unit | None
) -> BarisRekap:
    baris = [satu.baris for satu in sesi]
    akhir = _saringan(sesi)
    kesiapan = [_terbaru(satu.kesiapan[letak] for satu in sesi) for letak, _ in enumerate(Tahap)]
    terisi, verif, kirim = (dilihat.sudah if dilihat else None for dilihat in kesiapan)
    lihat = _terbaru([*(satu.cuplikan for satu in sesi), *kesiapan])
    sudah, suplai = sum(satu.sudah_disahkan for satu in baris), sum(satu.suplai_stan for satu in baris)
    ditahan, jam_nyala = (akhir.baris.ditahan, akhir.baris.jam_nyala_2000) if akhir else (None, None)
    if akhir and ditahan is not None and jam_nyala is not None:
        kurang = lepas.get(akhir.id, (0, 0))
        ditahan, jam_nyala = ditahan - kurang[0], jam_nyala - kurang[1]
    keadaan = [f"{satu.sesi} {satu.status}" + (f" ({satu.tahap})" if satu.tahap else "") for satu in baris[-1:]]
    return BarisRekap(
        tingkat=Tingkat.KELOMPOK,
        unitupi=unit.unitupi if unit else None,
        unitap=unit.unitap if unit else None,
        **tempat._asdict(),
        pelanggan=lihat.pelanggan if lihat else None,
        terisi=terisi,
        terverifikasi=verif,
        terkirim=kirim,
        jam_nyala_2000=jam_nyala,
        ditahan=ditahan,
        belum_disahkan=lihat.pelanggan - sudah - suplai if lihat else None,
        sudah_disahkan=sudah,
        dibatalkan=sum(satu.dibatalkan for satu in baris),
        suplai_stan=suplai,
        diluar_sistem=sum(satu.diluar_sistem for satu in baris),
        kwh_disahkan=sum((satu.kwh_disahkan for satu in baris), Decimal(0)),
        selisih_ap2t=None,
        putaran=sum(satu.jenis == JenisSesi.PENGESAHAN for satu in baris),
        acmt_pada=lihat.pada if lihat else None,
        ap2t_pada=None,
        sesi=keadaan[0] if keadaan else "-",
    )


def _terbaru(semua: Iterable[Dilihat | None]) -> Dilihat | None:
    return max(filter(None, semua), key=lambda dilihat: dilihat.jejak, default=None)


# --------------------------------------------------------------------------------------- asked of ACMT and AP2T


def rekap_langsung(
    mata: Mata, unit: Unit, kelompok: Sequence[str], thblrek: str | None, lapor: Lapor
) -> list[BarisRekap]:
    """Return one row a kelompok as of now, ACMT and AP2T asked: every reading of each kelompok is looked at.

    :param thblrek: empty: each kelompok's current month by the calendar; one that the calendar has not is left out.
    """
    assert mata.sumber is not None  # noqa: S101 -- the caller asks only where ACMT may be asked
    sumber, sekarang = mata.sumber, mata.saat
    hari_ini = sekarang.astimezone(ZoneInfo(unit.zona_waktu)).date()
    petugas = PetugasUnit(unit.unitup, sumber.petugas(unit.unitup))
    bulan: dict[str, str] = {}
    for kode in kelompok:
        try:
            bulan[kode] = thblrek or sumber.thblrek_berjalan(unit.unitup, kode, hari_ini)
        except MasukanTidakSah:
            continue
    menurut_buku = {
        (baris.thblrek, baris.hari_baca): baris
        for thblrek_ada in dict.fromkeys(bulan.values())
        for baris in rekap_buku(mata.buku, [unit.unitup], thblrek_ada, wilayah={unit.unitup: unit})
    }
    hasil: list[BarisRekap] = []
    for nomor, (kode, berjalan) in enumerate(bulan.items(), 1):
        tempat = Tempat(unit.unitup, berjalan, kode)
        siap = KesiapanKelompok(petugas, sekarang)
        for bagian in sumber.baca_kesiapan(tempat):
            siap.hitung(bagian)
        hasil.append(_kini(mata, siap, menurut_buku.get((berjalan, kode)) or _rekap(tempat, [], {}, unit)))
        lapor(
            f"Rekap: kelompok {kode} bulan {berjalan} ({nomor} dari {len(bulan)}), {ribuan(siap.total)} pelanggan ..."
        )
    return hasil


def _kini(mata: Mata, siap: KesiapanKelompok, baris: BarisRekap) -> BarisRekap:
    """Put what ACMT and AP2T say now into a row of the ledger. AP2T's counts win, and the difference is told."""
    terisi, verif, kirim = (siap.jumlah_siap(tahap) for tahap in Tahap)
    baris = baris._replace(
        pelanggan=siap.total,
        terisi=terisi,
        terverifikasi=verif,
        terkirim=kirim,
        belum_disahkan=siap.total - baris.sudah_disahkan - baris.suplai_stan,
        acmt_pada=mata.saat,
    )
    if mata.ap2t is None:
        return baris
    try:
        jumlah = mata.ap2t.kelompok(baris.unitup, baris.thblrek, baris.hari_baca).jumlah
    except Ap2tMenolak as galat:
        if galat.status != 404:
            raise
        return baris  # AP2T does not know the kelompok yet
    return baris._replace(
        belum_disahkan=jumlah.posting_0,
        sudah_disahkan=jumlah.posting_1,
        suplai_stan=jumlah.posting_3,
        selisih_ap2t=jumlah.posting_1 + jumlah.posting_3 - baris.sudah_disahkan - baris.suplai_stan,
        ap2t_pada=mata.saat,
    )


# ----------------------------------------------------------------------------------------------------------- totals

_JUMLAH = (
    *("pelanggan", "terisi", "terverifikasi", "terkirim", "jam_nyala_2000", "ditahan", "belum_disahkan"),
    *("sudah_disahkan", "dibatalkan", "suplai_stan", "diluar_sistem", "kwh_disahkan", "selisih_ap2t", "putaran"),
)
JUMLAH = "JUMLAH"
"""What stands for the kelompok where all of them are added up; a unit that stands for several is empty."""
_KOSONG: dict[Tingkat, dict[str, Any]] = {
    Tingkat.UNIT: {},
    Tingkat.AREA: {"unitup": ""},
    Tingkat.WILAYAH: {"unitup": "", "unitap": None},
}


def jumlahkan(baris: Sequence[BarisRekap], tingkat: Tingkat) -> list[BarisRekap]:
    """Return the totals of rows of kelompok per unit, area or region, and month.

    A sum of which one part is not known is not known. The instants are the oldest of the parts.
    """
    bagian: dict[tuple[Any, ...], list[BarisRekap]] = {}
    for rekap in baris:
        umum = rekap._replace(**_KOSONG[tingkat])
        bagian.setdefault((umum.unitupi, umum.unitap, umum.unitup, umum.thblrek), []).append(umum)
    hasil = []
    for isi in bagian.values():
        jumlah: dict[str, Any] = {nama: _jumlah_diketahui([getattr(rekap, nama) for rekap in isi]) for nama in _JUMLAH}
        for nama in ("acmt_pada", "ap2t_pada"):
            jumlah[nama] = min(filter(None, (getattr(rekap, nama) for rekap in isi)), default=None)
        sesi = f"{ribuan(len(isi))} kelompok"
        hasil.append(isi[0]._replace(tingkat=tingkat, hari_baca=JUMLAH, sesi=sesi, **jumlah))
    return hasil


def _jumlah_diketahui(semua: list[Decimal | int | None]) -> Decimal | int | None:
    ada = [nilai for nilai in semua if nilai is not None]
    return sum(ada) if len(ada) == len(semua) else None
