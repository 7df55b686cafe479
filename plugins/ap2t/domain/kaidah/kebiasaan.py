"""What a customer's earlier months come to: usual kWh, estimates, place, photo, and where the register stood."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

from ap2t.domain.angka import KONTEKS, NOL, muat_kontrak
from ap2t.domain.kalender import bulan_tambah
from ap2t.domain.model import TANPA_KEBIASAAN, Bacaan, BulanLalu, CaraBaca, Kebiasaan, StanLalu

BULAN_RIWAYAT = 24
"""Months before the current one that are looked at."""
BULAN_RANTAI = 12
"""Months back in which the chain is looked for, as in the ledger."""
BULAN_CUKUP = 12
"""Months with kWh without which nothing is usual yet."""
KOLOM_KINI = ("latitude", "longitude", "foto_url")
"""What is looked at of this month's reading, besides its month."""
KOLOM_LALU = frozenset({"sahlwbp", "sahwbp", "kwh", "cara_baca", "foto_url", "latitude", "longitude"})
"""What is looked at of an earlier month."""
_JARI_BUMI = 6_371_009.0  # metres, mean radius (IUGG)
_SETENGAH = Decimal("0.5")
_BUSUR = Decimal("1E-9")  # of a degree: a tenth of a millimetre
_LIMA, _DUA, _LIMABELAS = Decimal(5), Decimal(2), Decimal(15)
_STAN = frozenset({"sahlwbp", "sahwbp"})


class Wajar(NamedTuple):
    """The kWh between which a month is usual, both ends included."""

    bawah: Decimal
    atas: Decimal


def cara(kata: str | None, cara_baca: CaraBaca) -> bool:
    """Tell whether a reading came about in this way. Capitals do not count, as in the flags of other columns."""
    return kata is not None and kata.upper() == cara_baca


def ringkas(
    bacaan: Bacaan, bulan: Sequence[BulanLalu], kolom: Collection[str], foto_lain: str | None
) -> Kebiasaan | None:
    """Sum up a customer's earlier months, or return None where they tell nothing.

    :param bulan: the months before, in any order; of a month that comes twice one row counts, and none of its stans.
    :param kolom: the columns of ``v_riwayat`` that are offered. The chain needs the stans of both registers.
    :param foto_lain: another customer of this month with the same photo.
    """
    per_bulan = {satu.thblrek: satu for satu in bulan}
    if len(per_bulan) < len(bulan):
        per_bulan = {satu.thblrek: satu for satu in sorted(bulan, key=str)}
    urut = [per_bulan[satu] for satu in sorted(per_bulan)]
    kwh = sorted(satu.kwh for satu in urut if satu.kwh is not None and muat_kontrak(satu.kwh))
    tengah = mad = None
    if len(kwh) >= BULAN_CUKUP:
        tengah = median(kwh)
        mad = median(sorted(abs(KONTEKS.subtract(satu, tengah)) for satu in kwh))
    terakhir = urut[-1] if urut and kolom and _STAN.issubset(kolom) else None
    if terakhir is not None and not _rantai(terakhir, bulan, bacaan.thblrek):
        terakhir = None
    hasil = Kebiasaan(
        len(kwh),
        tengah,
        mad,
        sum(cara(satu.cara_baca, CaraBaca.TAKSIR) for satu in urut),
        _jarak(bacaan, urut),
        next((satu.thblrek for satu in reversed(urut) if _sama_foto(bacaan, satu)), foto_lain),
        *((terakhir.thblrek, terakhir.sahlwbp, terakhir.sahwbp) if terakhir else (None, None, None)),
    )
    return None if hasil == TANPA_KEBIASAAN else hasil


def _rantai(terakhir: BulanLalu, bulan: Sequence[BulanLalu], kini: str) -> bool:
    """Tell whether the latest month's stan akhir says where this month has to begin."""
    stan = {(satu.sahlwbp, satu.sahwbp) for satu in bulan if satu.thblrek == terakhir.thblrek}
    return len(stan) == 1 and terakhir.sahlwbp is not None and terakhir.thblrek >= bulan_tambah(kini, -BULAN_RANTAI)


def median(urut: Sequence[Decimal]) -> Decimal:
    """Return the median of numbers in order, exactly."""
    tengah = len(urut) // 2
    if len(urut) % 2:
        return urut[tengah]
    return KONTEKS.multiply(KONTEKS.add(urut[tengah - 1], urut[tengah]), _SETENGAH)


def di_luar(kwh: Decimal, kebiasaan: Kebiasaan) -> bool:
    """Tell whether a month's kWh is farther from the median than 3 x MAD and than 40 % of the median."""
    if kebiasaan.median is None or kebiasaan.mad is None or not muat_kontrak(kwh):
        return False
    beda = KONTEKS.multiply(_LIMA, abs(KONTEKS.subtract(kwh, kebiasaan.median)))
    return beda > _lima_kali_lebar(kebiasaan.median, kebiasaan.mad)


def wajar(kebiasaan: Kebiasaan) -> Wajar | None:
    """Return between which kWh a month is usual; None: nothing is usual yet."""
    if kebiasaan.median is None or kebiasaan.mad is None:
        return None
    lebar = KONTEKS.multiply(_lima_kali_lebar(kebiasaan.median, kebiasaan.mad), Decimal("0.2"))
    return Wajar(max(NOL, KONTEKS.subtract(kebiasaan.median, lebar)), KONTEKS.add(kebiasaan.median, lebar))


def bulan_lalu(bacaan: Bacaan, terakhir: StanLalu | None) -> StanLalu | None:
    """Return the month that a row's chain is compared with: what was last posted, else that of ``v_riwayat``.

    :param terakhir: what was last posted of the customer. Without stans: others posted it, or none was read then; then
        ``v_riwayat`` tells, where it has that month or a later one. None: nothing is known.
    """
    riwayat = bacaan.pilihan and bacaan.pilihan.riwayat
    if not riwayat or riwayat.stan_bulan is None:
        return terakhir
    if terakhir is None:
        return StanLalu(riwayat.stan_bulan, riwayat.stan_lwbp, riwayat.stan_wbp, None)
    if terakhir.lwbp is None and riwayat.stan_bulan >= terakhir.bulan:
        return StanLalu(riwayat.stan_bulan, riwayat.stan_lwbp, riwayat.stan_wbp, terakhir.fkm)
    return terakhir


def _lima_kali_lebar(tengah: Decimal, mad: Decimal) -> Decimal:
    return max(KONTEKS.multiply(_LIMABELAS, mad), KONTEKS.multiply(_DUA, tengah))


def _sama_foto(bacaan: Bacaan, lalu: BulanLalu) -> bool:
    return bacaan.foto_url is not None and bacaan.foto_url == lalu.foto_url


def _jarak(bacaan: Bacaan, bulan: Sequence[BulanLalu]) -> int | None:
    """Return the whole metres from the median of earlier places (north and east apart) to this month's.

    Computed once and kept: a flag of the audit never rests on a float that is computed again.
    """
    sini = _tempat(bacaan.latitude, bacaan.longitude)
    semua = [tempat for satu in bulan if (tempat := _tempat(satu.latitude, satu.longitude)) is not None]
    if sini is None or not semua:
        return None
    lintang, bujur = (median(sorted(sumbu)) for sumbu in zip(*semua, strict=True))
    dari, ke = math.radians(lintang), math.radians(sini[0])
    utara, timur = (ke - dari) / 2, math.radians(float(sini[1] - bujur)) / 2
    isi = math.sin(utara) ** 2 + math.cos(dari) * math.cos(ke) * math.sin(timur) ** 2
    return round(2 * _JARI_BUMI * math.asin(min(1.0, math.sqrt(isi))))


def _tempat(lintang: Decimal | None, bujur: Decimal | None) -> tuple[Decimal, Decimal] | None:
    """Return a place on earth. (0, 0), as some write "none", is the sea."""
    if lintang is None or bujur is None or not (abs(lintang) <= 90 and abs(bujur) <= 180):
        return None
    return None if lintang == bujur == NOL else (lintang.quantize(_BUSUR), bujur.quantize(_BUSUR))
