"""An estimate of the bill's energy part, for the supervisor's eyes alone: it is never sent anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, DecimalException
from typing import NamedTuple

from ap2t.domain.angka import KONTEKS, NOL
from ap2t.domain.kaidah.kwh import Hitungan
from ap2t.domain.kalender import awal_bulan
from ap2t.domain.model import Bacaan

_RUPIAH = Decimal(1)


class Harga(NamedTuple):
    """One row of ``v_harga``: rupiah a kWh of a tariff, for a range of daya (VA, both ends included), from a day on.

    ``jam_minimum``: hours at full load that are billed at least; None: none.
    """

    tarif: str
    daya_dari: Decimal
    daya_sampai: Decimal
    harga_lwbp: Decimal
    harga_wbp: Decimal
    jam_minimum: Decimal | None
    berlaku_dari: date


class Perkiraan(NamedTuple):
    """What a reading's energy costs: whole rupiah, rounded HALF UP. ``minimum``: it is the least that is billed."""

    rupiah: Decimal
    minimum: bool
    harga: Harga


def perkirakan(bacaan: Bacaan, hitungan: Hitungan, semua: Iterable[Harga]) -> Perkiraan | None:
    """Estimate what the energy of a reading costs by the price in force on its month's first day.

    None: no kWh, no price for its tariff and daya, or a number that 80 digits do not hold.
    """
    awal, daya = awal_bulan(bacaan.thblrek), bacaan.daya
    if hitungan.kwh is None or daya is None or awal is None:
        return None
    cocok = [
        satu
        for satu in semua
        if satu.tarif == bacaan.tarif and satu.daya_dari <= daya <= satu.daya_sampai and satu.berlaku_dari <= awal
    ]
    if not cocok:
        return None
    harga = max(cocok, key=lambda satu: satu.berlaku_dari)
    kali = KONTEKS.multiply
    try:
        rupiah = NOL
        for kwh, satuan in zip(hitungan.per_register, (harga.harga_lwbp, harga.harga_wbp), strict=False):
            rupiah = KONTEKS.add(rupiah, kali(kwh, satuan))
        minimum = kali(kali(harga.jam_minimum or NOL, daya), harga.harga_lwbp).scaleb(-3, KONTEKS)
        tinggi = max(rupiah, minimum)
        return Perkiraan(tinggi.quantize(_RUPIAH, rounding=ROUND_HALF_UP), minimum > rupiah, harga)
    except DecimalException:
        return None
