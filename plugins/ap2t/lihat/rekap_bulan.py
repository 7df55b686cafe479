"""The rekap of units and months (SOP 12.1, purpose 2): each kelompok, each round, totals; now, or as of a past moment.

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
from ap2t.domain.model import Unit
from ap2t.domain.stempel import PetugasUnit
from ap2t.domain.teks import ribuan
from ap2t.galat import Ap2tMenolak, MasukanTidakSah
from ap2t.ledger.buku import Buku
from ap2t.lihat import fakta
from ap2t.lihat.fakta import Dilihat, JumlahSesi, Tempat
from ap2t.lihat.status_pelanggan import Mata
from ap2t.proses.layanan import Lapor, Layanan


class Tingkat(StrEnum):
    """What a row of the rekap is about."""

    KELOMPOK = "KELOMPOK"
    UNIT = "UNIT"
    AREA = "AREA"
    WILAYAH = "WILAYAH"


class BarisRekap(NamedTuple):
    """Customers of a kelompok (or of all kelompok of a unit, area or region) by how far they are; None: not known.

    ``belum_disahkan`` + ``sudah_disahkan`` + ``suplai_stan`` are all customers; ``dibatalkan`` (cancelled and not
    approved again) are among the first. ``jam_nyala_2000`` and ``ditahan``: what the last sieve holds.
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
    """One session of a kelompok: what it took, and what it changed; the changes of all rounds add up to the rekap.

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
        per = {t: list(s) for t, s in groupby(semua, key=lambda s: s.tempat)}
        lepas = fakta.susut(tx, [s for t in per.values() if (s := _saringan(t)) is not None], pada)
    return [_rekap(t, sesi, lepas, (wilayah or {}).get(t.unitup)) for t, sesi in per.items()]


def putaran_buku(
    buku: Buku, unit: Sequence[str], thblrek: str, hari_baca: str | None = None, pada: datetime | None = None
) -> list[BarisPutaran]:
    """Return one row a session, by unit, kelompok and time, by the ledger alone."""
    with buku.transaksi() as tx:
        return [baris_putaran(s) for s in fakta.jumlah_sesi(tx, unit, thblrek, hari_baca, pada)]


def _saringan(sesi: Sequence[JumlahSesi]) -> JumlahSesi | None:
    """The last session that took a snapshot, which is the one whose sieve counts."""
    return next((s for s in reversed(sesi) if s.cuplikan is not None), None)


def _rekap(
    t: Tempat, sesi: Sequence[JumlahSesi], lepas: Mapping[int, tuple[int, int]], unit: Unit | None
) -> BarisRekap:
    akhir = _saringan(sesi)
    lihat = _terbaru(x for s in sesi for x in (s.cuplikan, s.terisi, s.terverifikasi, s.terkirim))
    terisi, verif, kirim = (_terbaru(getattr(s, n) for s in sesi) for n in ("terisi", "terverifikasi", "terkirim"))
    sudah, suplai = sum(s.sudah for s in sesi), sum(s.suplai for s in sesi)
    ditahan, jam_nyala = (akhir.ditahan, akhir.jam_nyala) if akhir else (None, None)
    if akhir and ditahan is not None and jam_nyala is not None:
        kurang = lepas.get(akhir.id, (0, 0))
        ditahan, jam_nyala = ditahan - kurang[0], jam_nyala - kurang[1]
    return BarisRekap(
        tingkat=Tingkat.KELOMPOK,
        unitupi=unit.unitupi if unit else None,
        unitap=unit.unitap if unit else None,
        unitup=t.unitup,
        thblrek=t.thblrek,
        hari_baca=t.hari_baca,
        pelanggan=lihat.pelanggan if lihat else None,
        terisi=terisi.sudah if terisi else None,
        terverifikasi=verif.sudah if verif else None,
        terkirim=kirim.sudah if kirim else None,
        jam_nyala_2000=jam_nyala,
        ditahan=ditahan,
        belum_disahkan=lihat.pelanggan - sudah - suplai if lihat else None,
        sudah_disahkan=sudah,
        dibatalkan=sum(s.batal for s in sesi),
        suplai_stan=suplai,
        diluar_sistem=sum(s.luar for s in sesi),
        kwh_disahkan=sum((s.kwh for s in sesi), Decimal(0)),
        selisih_ap2t=None,
        putaran=sum(s.jenis == "PENGESAHAN" for s in sesi),
        acmt_pada=lihat.pada if lihat else None,
        ap2t_pada=None,
        sesi=sesi[-1].keadaan if sesi else "-",
    )


def _terbaru(dilihat: Iterable[Dilihat | None]) -> Dilihat | None:
    return max((d for d in dilihat if d is not None), key=lambda d: d.jejak, default=None)


def baris_putaran(s: JumlahSesi) -> BarisPutaran:
    """Return a session as a row."""
    return BarisPutaran(
        *s.tempat,
        s.putaran,
        s.jenis,
        s.nomor,
        s.status,
        s.tahap,
        s.dibuka_pada,
        s.pemicu,
        s.cuplikan.sudah if s.cuplikan else None,
        s.lolos,
        s.ditahan,
        s.jam_nyala,
        s.dikembalikan,
        s.keputusan,
        ", ".join(s.pengesah) or None,
        s.dijawab_pada,
        s.sudah,
        s.suplai,
        s.batal,
        s.luar,
        s.kwh,
        s.diakhiri_pada,
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
    wilayah = {unit.unitup: unit}
    menurut_buku = {
        (b.thblrek, b.hari_baca): b
        for bln in dict.fromkeys(bulan.values())
        for b in rekap_buku(mata.buku, [unit.unitup], bln, wilayah=wilayah)
    }
    hasil: list[BarisRekap] = []
    for n, (kode, bln) in enumerate(bulan.items(), 1):
        t = Tempat(unit.unitup, bln, kode)
        siap = KesiapanKelompok(petugas, sekarang)
        for bagian in sumber.baca_kesiapan(*t):
            siap.tambah(bagian)
        hasil.append(_kini(mata, siap, menurut_buku.get((bln, kode)) or _rekap(t, [], {}, unit)))
        lapor(f"Rekap: kelompok {kode} bulan {bln} ({n} dari {len(bulan)}), {ribuan(siap.total)} pelanggan ...")
    return hasil


def _kini(mata: Mata, siap: KesiapanKelompok, b: BarisRekap) -> BarisRekap:
    """Put what ACMT and AP2T say now into a row of the ledger. AP2T's counts win; the difference is told."""
    terisi, verif, kirim = (siap.jumlah_siap(t) for t in Tahap)
    b = b._replace(
        pelanggan=siap.total,
        terisi=terisi,
        terverifikasi=verif,
        terkirim=kirim,
        belum_disahkan=siap.total - b.sudah_disahkan - b.suplai_stan,
        acmt_pada=mata.saat,
    )
    if mata.ap2t is None:
        return b
    try:
        a = mata.ap2t.kelompok(b.unitup, b.thblrek, b.hari_baca)
    except Ap2tMenolak as e:
        if e.status != 404:
            raise
        return b  # AP2T does not know the kelompok yet
    return b._replace(
        belum_disahkan=a.posting_0,
        sudah_disahkan=a.posting_1,
        suplai_stan=a.posting_3,
        selisih_ap2t=a.posting_1 + a.posting_3 - b.sudah_disahkan - b.suplai_stan,
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
    Tingkat.UNIT: lambda b: (b.unitupi, b.unitap, b.unitup),
    Tingkat.AREA: lambda b: (b.unitupi, b.unitap, ""),
    Tingkat.WILAYAH: lambda b: (b.unitupi, None, ""),
}


def jumlahkan(baris: Sequence[BarisRekap], tingkat: Tingkat) -> list[BarisRekap]:
    """Return the totals of rows of kelompok per unit, area or region, and month.

    A sum of which one part is not known is not known. The instants are the oldest of the parts.
    """
    kunci = _TINGKAT[tingkat]
    bagian: dict[tuple[tuple[str | None, str | None, str], str], list[BarisRekap]] = {}
    for b in baris:
        bagian.setdefault((kunci(b), b.thblrek), []).append(b)
    hasil = []
    for ((unitupi, unitap, unitup), bulan), isi in bagian.items():
        tempat = {"unitupi": unitupi, "unitap": unitap, "unitup": unitup, "hari_baca": JUMLAH}
        jumlah = {n: _jumlah([getattr(b, n) for b in isi]) for n in _JUMLAH}
        saat = {n: min((s for b in isi if (s := getattr(b, n))), default=None) for n in ("acmt_pada", "ap2t_pada")}
        kata = f"{ribuan(len(isi))} kelompok"
        satu: dict[str, Any] = {**isi[0]._asdict(), "tingkat": tingkat, "thblrek": bulan, "sesi": kata}
        hasil.append(BarisRekap(**{**satu, **tempat, **jumlah, **saat}))
    return hasil


def _jumlah(nilai: list[Decimal | int | None]) -> Decimal | int | None:
    ada = [n for n in nilai if n is not None]
    return sum(ada) if len(ada) == len(nilai) else None


def teks_rekap_unit(baris: Sequence[BarisRekap]) -> str:
    """Write the rows as a table."""
    import pandas as pd

    isi = [[sebut(getattr(b, k)) for k in JUDUL] for b in baris]
    tabel = pd.DataFrame(isi, columns=list(JUDUL.values()))
    return str(tabel.to_markdown(index=False, disable_numparse=True))


def sebut(nilai: object) -> str:
    """Write one value for a person."""
    if nilai is None:
        return "-"
    return ribuan(nilai) if isinstance(nilai, int | Decimal) else str(nilai)
