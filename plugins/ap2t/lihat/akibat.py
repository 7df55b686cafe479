"""What an approval comes to: kWh and estimated rupiah beside last month and the same month last year.

It holds sums and customers of one unit, for its own people's eyes: never for Airflow or a log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from ap2t.domain.harga import Harga
from ap2t.domain.kalender import awal_bulan, bulan_tambah
from ap2t.galat import SumberTidakSesuai, SumberTidakTerjangkau
from ap2t.ledger.buku import Transaksi
from ap2t.ledger.sesi import Sesi
from ap2t.source.acmt import SumberAcmt

GOLONGAN_MAKS = 15
"""Flags, tarif and readers that are told one by one."""
GERAK_MAKS = 10
"""Customers whose kWh rose most, and as many whose kWh fell most."""
GOLONGAN = ("tanda", "tarif", "petugas_baca")
_KWH = (
    *("pelanggan", "kwh", "lalu_pelanggan", "lalu_kini", "lalu_kwh"),
    *("tahun_pelanggan", "tahun_kini", "tahun_kwh"),
)
"""``lalu_…``, ``tahun_…``: of the customers whose kWh then is known, how many, their kWh now, and then."""
_RATA = ("rata", "lalu_rata_kini", "lalu_rata", "tahun_rata_kini", "tahun_rata")
_RUPIAH = (
    *("rupiah_pelanggan", "rupiah", "banding_pelanggan", "banding_kini", "banding_lalu"),
    *("naik", "naik_taksir"),
)
"""``banding_…``: of the customers with an estimate of both months."""
Isi = TypeVar("Isi")


class Pembanding(NamedTuple):
    """What ACMT offers beside the contract. ``tahun_lalu``: kWh by idpel. ``galat``: what was not read, and why."""

    harga: Sequence[Harga] = ()
    tahun_lalu: Mapping[str, Decimal] = MappingProxyType({})
    galat: Sequence[str] = ()


def tanya_pembanding(sumber: SumberAcmt, sesi: Sesi) -> Pembanding:
    """Ask ACMT for prices, and for the same month last year. What fails is told, and takes nothing else with it."""
    galat: list[str] = []
    harga = _coba(sumber.harga, "Harga", galat)
    tahun_lalu = _coba(lambda: sumber.kwh_kelompok(sesi.tempat, _tahun_lalu(sesi)), "Tahun lalu", galat)
    return Pembanding(harga or (), tahun_lalu or {}, galat)


def _coba(tanya: Callable[[], Isi], apa: str, galat: list[str]) -> Isi | None:
    try:
        return tanya()
    except (SumberTidakTerjangkau, SumberTidakSesuai) as salah:
        galat.append(f"{apa} di ACMT tidak terbaca: {salah}")
        return None


def _tahun_lalu(sesi: Sesi) -> str:
    return bulan_tambah(sesi.thblrek, -12)


def akibat(tx: Transaksi, sesi: Sesi, pembanding: Pembanding) -> dict[str, Any]:
    """Return what approving a session's customers that passed comes to."""
    bulan_lalu, tahun_lalu = bulan_tambah(sesi.thblrek, -1), _tahun_lalu(sesi)
    kenaikan = tx.konfigurasi.pola_sesi(sesi).kenaikan_perkiraan
    tx.jalankan("audit_rencana")  # row by row, each customer would be compared with all of last year's
    kelompok = {"unitup": sesi.unitup, "hari_baca": sesi.hari_baca, "bulan_lalu": bulan_lalu}
    semua = tx.jalankan(
        "akibat_golongan",
        **kelompok,
        **{nama: [getattr(harga, nama) for harga in pembanding.harga] for nama in Harga._fields},
        sesi_id=sesi.id,
        tahun_lalu=tahun_lalu,
        awal=awal_bulan(sesi.thblrek),
        awal_lalu=awal_bulan(bulan_lalu),
        acmt_idpel=list(pembanding.tahun_lalu),
        acmt_kwh=list(pembanding.tahun_lalu.values()),
        kenaikan=kenaikan,
        batas=GOLONGAN_MAKS,
    ).mappings()
    menurut: dict[str, list[dict[str, Any]]] = {jenis: [] for jenis in ("semua", *GOLONGAN)}
    for baris in semua:
        menurut[baris["jenis"]].append(dict(baris))
    jumlah = next(iter(menurut["semua"]), None)
    gerak = [dict(baris) for baris in tx.jalankan("akibat_gerak", sesi_id=sesi.id, banyak=GERAK_MAKS).mappings()]
    taksir_dikenal = "cara_baca_lalu" in sesi.aturan.ketentuan.pilihan or bool(
        tx.jalankan("akibat_taksir", **kelompok).scalar_one()
    )
    return {
        "bulan_lalu": bulan_lalu,
        "tahun_lalu": tahun_lalu,
        "kenaikan": kenaikan,
        "jumlah": jumlah and {nama: jumlah[nama] for nama in (*_KWH, *_RATA)},
        "golongan": {
            jenis: [{nama: baris[nama] for nama in ("nilai", "lainnya", "golongan", *_KWH)} for baris in menurut[jenis]]
            for jenis in GOLONGAN
        },
        "gerak": gerak,
        "rupiah": (jumlah and pembanding.harga and {nama: jumlah[nama] for nama in _RUPIAH}) or None,
        "taksir_dikenal": taksir_dikenal,
        "galat": list(pembanding.galat),
    }
