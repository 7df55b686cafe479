"""The rekap of units and months (SOP 12.1, purpose 2), now or as of a past moment.

Two sources, told apart in every row. The ledger's sums are kept as the facts come and read no customer's row. How far
the readings are in ACMT and what AP2T counts is either asked now (``acmt_pada``, ``ap2t_pada``: now), or what a
session saw last (then: when).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
from ap2t.lihat.fakta import Dilihat, JumlahSesi
from ap2t.lihat.status_pelanggan import Mata
from ap2t.proses.layanan import Lapor, Layanan


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


class BarisPutaran(NamedTuple):
    """One session of a kelompok: what it took, and what it changed. The changes of all rounds add up to the rekap.

    ``cuplikan``: customers it took up. ``sudah_disahkan``, ``suplai_stan``, ``dibatalkan``, ``diluar_sistem``,
    ``kwh_disahkan``: by how much the rekap's column of that name changed through it.
    """

    unitup: str
    thblrek: str
    hari_baca: str
    putaran: int
    jenis: str
    sesi: str
    status: str
    tahap: str | None
    dimulai: datetime
    pemicu: str | None
    cuplikan: int | None
    lolos: int | None
    ditahan: int | None
    jam_nyala_2000: int | None
    dikembalikan: int
    keputusan: str | None
    pengesah: str | None
    dijawab: datetime | None
    sudah_disahkan: int
    suplai_stan: int
    dibatalkan: int
    diluar_sistem: int
    kwh_disahkan: Decimal
    berakhir: datetime | None


JUDUL = {
    "hari_baca": "Hari baca",
    "thblrek": "Bulan",
    "pelanggan": "Pelanggan",
    "terisi": "Terisi",
    "terverifikasi": "Terverifikasi",
    "terkirim": "Terkirim",
    "jam_nyala_2000": "Jam nyala > 2000",
    "belum_disahkan": "Belum disahkan",
    "sudah_disahkan": "Sudah disahkan",
    "dibatalkan": "Dibatalkan",
    "suplai_stan": "Suplai stan",
    "kwh_disahkan": "kWh disahkan",
    "sesi": "Sesi terakhir",
}
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
        per_kelompok = {tempat: list(sesi) for tempat, sesi in groupby(semua, key=lambda satu: satu.tempat)}
        tersaring = [akhir for sesi in per_kelompok.values() if (akhir := _saringan(sesi)) is not None]
        lepas = fakta.susut(tx, tersaring, pada)
    return [_rekap(tempat, sesi, lepas, (wilayah or {}).get(tempat.unitup)) for tempat, sesi in per_kelompok.items()]


def putaran_buku(
    buku: Buku, unit: Sequence[str], thblrek: str, hari_baca: str | None = None, pada: datetime | None = None
) -> list[BarisPutaran]:
    """Return one row a session, by unit, kelompok and time, by the ledger alone."""
    with buku.transaksi() as tx:
        return [baris_putaran(sesi) for sesi in fakta.jumlah_sesi(tx, unit, thblrek, hari_baca, pada)]


def _saringan(sesi: Sequence[JumlahSesi]) -> JumlahSesi | None:
    """The last session that took a snapshot, which is the one whose sieve counts."""
    return next((satu for satu in reversed(sesi) if satu.cuplikan is not None), None)


def _rekap(
    tempat: Tempat, sesi: Sequence[JumlahSesi], lepas: Mapping[int, tuple[int, int]], unit: Unit | None
) -> BarisRekap:
    akhir = _saringan(sesi)
    terisi = _terbaru(satu.terisi for satu in sesi)
    verif = _terbaru(satu.terverifikasi for satu in sesi)
    kirim = _terbaru(satu.terkirim for satu in sesi)
    lihat = _terbaru([*(satu.cuplikan for satu in sesi), terisi, verif, kirim])
    sudah, suplai = sum(satu.sudah for satu in sesi), sum(satu.suplai for satu in sesi)
    ditahan, jam_nyala = (akhir.ditahan, akhir.jam_nyala) if akhir else (None, None)
    if akhir and ditahan is not None and jam_nyala is not None:
        kurang = lepas.get(akhir.id, (0, 0))
        ditahan, jam_nyala = ditahan - kurang[0], jam_nyala - kurang[1]
    return BarisRekap(
        tingkat=Tingkat.KELOMPOK,
        unitupi=unit.unitupi if unit else None,
        unitap=unit.unitap if unit else None,
        unitup=tempat.unitup,
        thblrek=tempat.thblrek,
        hari_baca=tempat.hari_baca,
        pelanggan=lihat.pelanggan if lihat else None,
        terisi=terisi.sudah if terisi else None,
        terverifikasi=verif.sudah if verif else None,
        terkirim=kirim.sudah if kirim else None,
        jam_nyala_2000=jam_nyala,
        ditahan=ditahan,
        belum_disahkan=lihat.pelanggan - sudah - suplai if lihat else None,
        sudah_disahkan=sudah,
        dibatalkan=sum(satu.batal for satu in sesi),
        suplai_stan=suplai,
        diluar_sistem=sum(satu.luar for satu in sesi),
        kwh_disahkan=sum((satu.kwh for satu in sesi), Decimal(0)),
        selisih_ap2t=None,
        putaran=sum(satu.jenis == JenisSesi.PENGESAHAN for satu in sesi),
        acmt_pada=lihat.pada if lihat else None,
        ap2t_pada=None,
        sesi=sesi[-1].keadaan if sesi else "-",
    )


def _terbaru(semua: Iterable[Dilihat | None]) -> Dilihat | None:
    return max(filter(None, semua), key=lambda dilihat: dilihat.jejak, default=None)


def baris_putaran(sesi: JumlahSesi) -> BarisPutaran:
    """Return a session as a row."""
    return BarisPutaran(
        **sesi.tempat._asdict(),
        putaran=sesi.putaran,
        jenis=sesi.jenis,
        sesi=sesi.nomor,
        status=sesi.status,
        tahap=sesi.tahap,
        dimulai=sesi.dibuka_pada,
        pemicu=sesi.pemicu,
        cuplikan=sesi.cuplikan.sudah if sesi.cuplikan else None,
        lolos=sesi.lolos,
        ditahan=sesi.ditahan,
        jam_nyala_2000=sesi.jam_nyala,
        dikembalikan=sesi.dikembalikan,
        keputusan=sesi.keputusan,
        pengesah=", ".join(sesi.pengesah) or None,
        dijawab=sesi.dijawab_pada,
        sudah_disahkan=sesi.sudah,
        suplai_stan=sesi.suplai,
        dibatalkan=sesi.batal,
        diluar_sistem=sesi.luar,
        kwh_disahkan=sesi.kwh,
        berakhir=sesi.diakhiri_pada,
    )


# --------------------------------------------------------------------------------------- asked of ACMT and AP2T


def rekap_langsung(
    mata: Mata, unit: Unit, kelompok: Sequence[str], thblrek: str | None, lapor: Lapor
) -> list[BarisRekap]:
    """Return one row a kelompok as of now, ACMT and AP2T asked: every reading of each kelompok is looked at.

    :param thblrek: empty: each kelompok's current month by the calendar; one that the calendar has not is left out.
    :param lapor: told how far it is.
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
        for bagian in sumber.baca_kesiapan(*tempat):
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


def rekap_unit(layanan: Layanan, unitup: str, kelompok: Sequence[str], thblrek: str | None = None) -> list[BarisRekap]:
    """Return one row a kelompok of a unit as of now, ACMT and AP2T asked."""
    mata = Mata(layanan.buku, layanan.sumber, layanan.ap2t_baca(), sekarang=layanan.sekarang())
    return rekap_langsung(mata, layanan.sumber.unit(unitup, untuk_dilihat=True), kelompok, thblrek, lambda _: None)


# ----------------------------------------------------------------------------------------------------------- totals

_JUMLAH = (
    *("pelanggan", "terisi", "terverifikasi", "terkirim", "jam_nyala_2000", "ditahan", "belum_disahkan"),
    *("sudah_disahkan", "dibatalkan", "suplai_stan", "diluar_sistem", "kwh_disahkan", "selisih_ap2t", "putaran"),
)
JUMLAH = "JUMLAH"
"""What stands for the kelompok where all of them are added up; a unit that stands for several is empty."""
_TINGKAT: dict[Tingkat, Callable[[BarisRekap], tuple[str | None, str | None, str]]] = {
    Tingkat.UNIT: lambda baris: (baris.unitupi, baris.unitap, baris.unitup),
    Tingkat.AREA: lambda baris: (baris.unitupi, baris.unitap, ""),
    Tingkat.WILAYAH: lambda baris: (baris.unitupi, None, ""),
}


def jumlahkan(baris: Sequence[BarisRekap], tingkat: Tingkat) -> list[BarisRekap]:
    """Return the totals of rows of kelompok per unit, area or region, and month.

    A sum of which one part is not known is not known. The instants are the oldest of the parts.
    """
    kunci = _TINGKAT[tingkat]
    bagian: dict[tuple[tuple[str | None, str | None, str], str], list[BarisRekap]] = {}
    for rekap in baris:
        bagian.setdefault((kunci(rekap), rekap.thblrek), []).append(rekap)
    hasil = []
    for ((unitupi, unitap, unitup), bulan), isi in bagian.items():
        jumlah: dict[str, Any] = {nama: _jumlah_diketahui([getattr(rekap, nama) for rekap in isi]) for nama in _JUMLAH}
        for nama in ("acmt_pada", "ap2t_pada"):
            jumlah[nama] = min(filter(None, (getattr(rekap, nama) for rekap in isi)), default=None)
        jumlah |= {"unitupi": unitupi, "unitap": unitap, "unitup": unitup, "thblrek": bulan, "hari_baca": JUMLAH}
        hasil.append(isi[0]._replace(tingkat=tingkat, sesi=f"{ribuan(len(isi))} kelompok", **jumlah))
    return hasil


def _jumlah_diketahui(semua: list[Decimal | int | None]) -> Decimal | int | None:
    ada = [nilai for nilai in semua if nilai is not None]
    return sum(ada) if len(ada) == len(semua) else None


def teks_rekap_unit(baris: Sequence[BarisRekap]) -> str:
    """Write the rows as a table."""
    import pandas as pd

    isi = [[sebut(getattr(rekap, nama)) for nama in JUDUL] for rekap in baris]
    tabel = pd.DataFrame(isi, columns=list(JUDUL.values()))
    return str(tabel.to_markdown(index=False, disable_numparse=True))


def sebut(nilai: object) -> str:
    """Write one value for a person."""
    if nilai is None:
        return "-"
    return ribuan(nilai) if isinstance(nilai, int | Decimal) else str(nilai)
