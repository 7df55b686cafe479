"""kWh of one reading: stan times factor, meter changes and rollovers, and what makes a stan unusable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, DecimalException, InvalidOperation
from functools import reduce
from typing import Any, NamedTuple

from ap2t.domain.angka import KONTEKS, NOL, SERIBU, TAK_HINGGA
from ap2t.domain.model import KOLOM_ANGKA, Alasan, Bacaan, Dlpd

JAM_PENUH = Decimal(720)
"""Hours of a month at full load; a rollover may not need more (decision 62)."""

_DIGIT_MAKS = 32767  # smallint in the source contract
_REGISTER = tuple(Decimal((0, (1,), lebar)) for lebar in range(19))
_BERSIH: Mapping[str, str] = {}
_KOLOM_LWBP = frozenset({"slalwbp", "sahlwbp", "lwbpcabut", "lwbppasang"})
_KOLOM_WBP = frozenset({"slawbp", "sahwbp", "wbpcabut", "wbppasang"})
_KOLOM_KVARH = frozenset({"slakvarh", "sahkvarh"})
_TANPA_REGISTER = (None,) * 4
KOLOM_STAN = _KOLOM_LWBP | _KOLOM_WBP | _KOLOM_KVARH
"""Columns of stans: one that cannot be read is STAN_TIDAK_VALID."""
_URUTAN = {alasan: nomor for nomor, alasan in enumerate(Alasan)}


class _Stan(NamedTuple):
    """Usable stans of one register: lalu and akhir, and with a meter change cabut and pasang."""

    sla: Decimal
    sah: Decimal
    cabut: Decimal | None = None
    pasang: Decimal | None = None


class HasilKwh(NamedTuple):
    """kWh of one reading (None where it cannot be told), why it is held, and the flags found on the way.

    ``dlpd`` holds only ROLLOVER and GANTI_METER; the other flags are the sieve's.
    """

    kwh: Decimal | None
    alasan: tuple[Alasan, ...]
    dlpd: tuple[Dlpd, ...]


def hitung_kwh(bacaan: Bacaan) -> HasilKwh:
    """Compute the kWh of one reading exactly, or say why it cannot be used.

    Per register (sah - sla) x fkm; with a meter change (cabut - sla) x old factor + (sah - pasang) x new factor;
    LWBP and WBP added. What may be a rollover :attr:`Alasan.STAN_MUNDUR` says. A pair of cabut and pasang that is
    (0, 0) is no change (:func:`_tanpa_ganti_nol`). Source: SOP 12.1, public sources on kWh; decision 62.

    DATA_TIDAK_VALID is said here of the register's width, and of arithmetic that would lose a digit. Never raises for a
    row's data.
    """
    try:
        return _hitung(bacaan)
    except InvalidOperation:  # a NaN that did not come through ke_desimal
        return _hitung(pisahkan_bukan_bilangan(bacaan))


def pisahkan_bukan_bilangan(bacaan: Bacaan) -> Bacaan:
    """Move every NaN and infinity of a row to ``cacat``, where the model wants it."""
    rusak = {
        kunci: str(nilai)
        for kunci in KOLOM_ANGKA
        if (nilai := getattr(bacaan, kunci)) is not None and not nilai.is_finite()
    }
    if not rusak:
        return bacaan
    kosong: dict[str, Any] = dict.fromkeys(rusak)
    return bacaan._replace(**kosong, cacat={**(bacaan.cacat or {}), **rusak})


def _tanpa_ganti_nol(bacaan: Bacaan) -> Bacaan:
    """Take (0, 0) for cabut and pasang as no value at all, register by register.

    Many extracts hold 0 instead of null where no meter was changed. No true change is lost by it: the old meter's part
    must not go back (sla <= cabut), so with cabut 0 sla is 0 too. Then the change would give (0 - 0) x old factor +
    (sah - 0) x factor, and no change gives (sah - 0) x factor: the same kWh, whatever the old factor.

    A register that holds (0, 0) beside one that was changed counts as not changed, as null would: the row is held.
    """
    kosong: dict[str, Any] = {}
    if bacaan.lwbpcabut == NOL and bacaan.lwbppasang == NOL:
        kosong |= {"lwbpcabut": None, "lwbppasang": None}
    if bacaan.wbpcabut == NOL and bacaan.wbppasang == NOL:
        kosong |= {"wbpcabut": None, "wbppasang": None}
    return bacaan._replace(**kosong) if kosong else bacaan


def periksa_kvarh(bacaan: Bacaan, *, ganti: bool) -> Alasan | Dlpd | None:
    """Judge a kVArh pair: KVARH_TIDAK_VALID, ROLLOVER, or None where there is nothing to say.

    The rule is that of :attr:`Alasan.KVARH_TIDAK_VALID`. There is no jam nyala of kVArh, but reactive power is never
    above the connected power. With a meter change the pair cannot be judged: no column tells the kVArh stan at which it
    was changed.

    Half a pair, a negative or unreadable stan is STAN_TIDAK_VALID, which :func:`hitung_kwh` says. (0, 0) without a
    factor (null or 0) is a meter that has no such register, as an extract without nulls writes it: 0 kVArh whatever
    the factor.

    :param ganti: whether the meter was changed in the month.
    """
    sla, sah, faktor, cacat = bacaan.slakvarh, bacaan.sahkvarh, bacaan.fkmkvarh, bacaan.cacat or _BERSIH
    if sla is None or sah is None or not _kvarh_sah(bacaan, cacat):
        return None
    if faktor is None or not NOL < faktor < TAK_HINGGA:
        tanpa_register = not sla and not sah and not faktor and "fkmkvarh" not in cacat
        return None if tanpa_register else Alasan.KVARH_TIDAK_VALID
    if ganti or sah >= sla:
        return None
    return Dlpd.ROLLOVER if _kvarh_berputar(bacaan, _Stan(sla, sah), faktor) else Alasan.KVARH_TIDAK_VALID


def _kvarh_berputar(bacaan: Bacaan, stan: _Stan, faktor: Decimal) -> bool:
    """Tell whether a kVArh stan that went back is a proven rollover."""
    register = _register(bacaan.digit_meter, bacaan.cacat or _BERSIH, [])
    if register is None or bacaan.daya is None or not NOL < bacaan.daya < TAK_HINGGA:
        return False
    if stan.sla >= register or not _di_ujung([stan], register):
        return False
    try:
        return not _lewat_penuh(_kwh(stan, (faktor, faktor), register), bacaan.daya)
    except DecimalException:
        return False


def urutkan(alasan: Iterable[Alasan]) -> tuple[Alasan, ...]:
    """Put reasons in the enum's order, each once."""
    return tuple(sorted(set(alasan), key=_URUTAN.__getitem__))


def _hitung(bacaan: Bacaan) -> HasilKwh:
    alasan: list[Alasan] = []
    cacat = bacaan.cacat or _BERSIH
    ganti = _berganti(bacaan)
    if ganti:
        bacaan = _tanpa_ganti_nol(bacaan)
        ganti = _berganti(bacaan)
    register = _register(bacaan.digit_meter, cacat, alasan)
    stan, lengkap = _stan(bacaan, cacat, TAK_HINGGA if register is None else register, alasan)
    if not _kvarh_sah(bacaan, cacat):
        alasan.append(Alasan.STAN_TIDAK_VALID)
    faktor = _faktor(bacaan, cacat, ganti)
    if faktor is None:
        alasan.append(Alasan.FAKTOR_TIDAK_VALID)
    daya = bacaan.daya if bacaan.daya is not None and NOL < bacaan.daya < TAK_HINGGA else None
    if daya is None:
        alasan.append(Alasan.DAYA_TIDAK_VALID)
    kwh, rollover = _jumlah(stan, faktor if lengkap else None, register, daya, alasan)
    dlpd = (Dlpd.ROLLOVER,) if rollover else ()
    return HasilKwh(kwh, urutkan(alasan) if alasan else (), (*dlpd, Dlpd.GANTI_METER) if ganti else dlpd)


def _berganti(bacaan: Bacaan) -> bool:
    return (bacaan.lwbpcabut, bacaan.lwbppasang, bacaan.wbpcabut, bacaan.wbppasang) != _TANPA_REGISTER


def _register(digit: Decimal | None, cacat: Mapping[str, str], alasan: list[Alasan]) -> Decimal | None:
    """Return 10^digit_meter, the register's span, or None when the width is not known or not a width."""
    if digit is None:
        if "digit_meter" in cacat:
            alasan.append(Alasan.DATA_TIDAK_VALID)
        return None
    if NOL < digit <= _DIGIT_MAKS:
        lebar = int(digit)
        if lebar == digit:
            return _REGISTER[lebar] if lebar < len(_REGISTER) else Decimal((0, (1,), lebar))
    alasan.append(Alasan.DATA_TIDAK_VALID)
    return None


def _stan(
    bacaan: Bacaan, cacat: Mapping[str, str], register: Decimal, alasan: list[Alasan]
) -> tuple[list[_Stan], bool]:
    """Collect the usable registers, and whether they are all of the row's registers.

    A register is usable when its stans are numbers, 0 <= stan < 10^digit_meter, and both or neither of cabut and
    pasang are there. Registers that disagree about a meter change are not judged any further.
    """
    lwbp = bacaan.slalwbp, bacaan.sahlwbp, bacaan.lwbpcabut, bacaan.lwbppasang
    wbp = bacaan.slawbp, bacaan.sahwbp, bacaan.wbpcabut, bacaan.wbppasang
    belum = bacaan.sahlwbp is None and "sahlwbp" not in cacat
    if belum:
        alasan.append(Alasan.BELUM_DIBACA)
        lwbp = lwbp[0], lwbp[0], *lwbp[2:]  # the rest of the register is judged as if it had not moved
    baca = _register_terpakai(*lwbp, register)
    if baca is None or (cacat and not _KOLOM_LWBP.isdisjoint(cacat)):
        alasan.append(Alasan.STAN_TIDAK_VALID)
        baca = None
    stan = [] if baca is None or belum else [baca]
    rusak = bool(cacat) and not _KOLOM_WBP.isdisjoint(cacat)
    if wbp == _TANPA_REGISTER and not rusak:
        return stan, bool(stan)  # single tariff
    # also None for change values on a single-tariff meter
    baca = None if rusak else _register_terpakai(*wbp, register)
    if baca is None:
        alasan.append(Alasan.STAN_TIDAK_VALID)
        return ([] if wbp[:2] == (None, None) else stan), False
    if (bacaan.lwbpcabut is None) != (bacaan.wbpcabut is None):
        alasan.append(Alasan.STAN_TIDAK_VALID)
        return [], False
    return [*stan, baca], bool(stan)


def _register_terpakai(
    sla: Decimal | None, sah: Decimal | None, cabut: Decimal | None, pasang: Decimal | None, register: Decimal
) -> _Stan | None:
    """Return the stans of one register if they can be used, else None."""
    if sla is None or sah is None or not NOL <= sla < register or not NOL <= sah < register:
        return None
    if cabut is None and pasang is None:
        return _Stan(sla, sah)
    if cabut is None or pasang is None or not NOL <= cabut < register or not NOL <= pasang < register:
        return None
    return _Stan(sla, sah, cabut, pasang)


def _kvarh_sah(bacaan: Bacaan, cacat: Mapping[str, str]) -> bool:
    """Check the kVArh stans: none at all, or both, as numbers that are not negative."""
    sla, sah = bacaan.slakvarh, bacaan.sahkvarh
    if cacat and not _KOLOM_KVARH.isdisjoint(cacat):
        return False
    if sla is None or sah is None:
        return sla is sah
    return NOL <= sla < TAK_HINGGA and NOL <= sah < TAK_HINGGA


def _faktor(bacaan: Bacaan, cacat: Mapping[str, str], ganti: bool) -> tuple[Decimal, Decimal] | None:
    """Return the factors (new meter, old meter), or None. The old one counts only in a month with a meter change."""
    fkm = bacaan.fkmkwh
    if fkm is None or not NOL < fkm < TAK_HINGGA:
        return None
    if not ganti:
        return fkm, fkm
    lama = bacaan.fkmkwh_lama
    if lama is None:
        return None if "fkmkwh_lama" in cacat else (fkm, fkm)
    return (fkm, lama) if NOL < lama < TAK_HINGGA else None


def _jumlah(
    stan: list[_Stan],
    faktor: tuple[Decimal, Decimal] | None,
    register: Decimal | None,
    daya: Decimal | None,
    alasan: list[Alasan],
) -> tuple[Decimal | None, bool]:
    """Sum the registers: (kWh or None, whether a register rolled over).

    A stan that went back and is not proven to be a rollover is STAN_MUNDUR, also where another fault of the row
    keeps the proof from being made (``faktor`` None).
    """
    mundur = [satu for satu in stan if _mundur(satu)]
    if mundur and (
        mundur[0].cabut is not None
        or faktor is None
        or daya is None
        or register is None
        or not _di_ujung(mundur, register)
    ):
        alasan.append(Alasan.STAN_MUNDUR)
        return None, False
    if faktor is None:
        return None, False
    try:
        kwh = reduce(KONTEKS.add, [_kwh(satu, faktor, register) for satu in stan])
        lewat = bool(mundur) and daya is not None and _lewat_penuh(kwh, daya)
    except DecimalException:
        alasan.append(Alasan.DATA_TIDAK_VALID)
        return None, False
    if lewat:
        alasan.append(Alasan.STAN_MUNDUR)
        return None, False
    return kwh, bool(mundur)


def _lewat_penuh(pakai: Decimal, daya: Decimal) -> bool:
    """Tell whether a consumption (kWh or kVArh) is more than a month at full load of ``daya`` (VA) gives."""
    return KONTEKS.multiply(pakai, SERIBU) > KONTEKS.multiply(JAM_PENUH, daya)


def _di_ujung(mundur: list[_Stan], register: Decimal) -> bool:
    """Tell whether every stan lalu stands at 90 % of its register or more (10 x sla >= 9 x 10^digits)."""
    batas = Decimal((0, (9,), register.adjusted() - 1))
    return all(satu.sla >= batas for satu in mundur)


def _mundur(stan: _Stan) -> bool:
    """Tell whether a register went back; with a meter change, whether the old meter's or the new meter's part did."""
    sla, sah, cabut, pasang = stan
    return sah < sla if cabut is None or pasang is None else cabut < sla or sah < pasang


def _kwh(stan: _Stan, faktor: tuple[Decimal, Decimal], register: Decimal | None) -> Decimal:
    """Compute the kWh of one register. A sah below sla is taken as a rollover, which the caller has allowed.

    :raises decimal.Inexact: when 80 digits do not hold the result.
    """
    sla, sah, cabut, pasang = stan
    fkm, lama = faktor
    if cabut is None or pasang is None:
        selisih = KONTEKS.subtract(sah, sla)
        if register is not None and selisih < NOL:
            selisih = KONTEKS.add(selisih, register)
        return KONTEKS.multiply(selisih, fkm)
    return KONTEKS.add(
        KONTEKS.multiply(KONTEKS.subtract(cabut, sla), lama), KONTEKS.multiply(KONTEKS.subtract(sah, pasang), fkm)
    )
