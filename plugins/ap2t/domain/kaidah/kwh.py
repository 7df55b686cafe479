"""kWh of one reading: stan times factor, meter changes and rollovers, and what makes a stan unusable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, DecimalException
from typing import NamedTuple

from ap2t.domain.angka import KONTEKS, NOL, SERIBU, TAK_HINGGA
from ap2t.domain.model import TANPA_PILIHAN, Bacaan, Pilihan

JAM_PENUH = Decimal(720)
"""Hours of a month at full load; a rollover may not need more (decision 62)."""

_DIGIT_MAKS = 32767  # smallint in the source contract
_BERSIH: Mapping[str, str] = {}
_KOLOM_LWBP = ("slalwbp", "sahlwbp", "lwbpcabut", "lwbppasang")
_KOLOM_WBP = ("slawbp", "sahwbp", "wbpcabut", "wbppasang")
_KOLOM_KVARH = ("slakvarh", "sahkvarh")
KOLOM_STAN = frozenset({*_KOLOM_LWBP, *_KOLOM_WBP, *_KOLOM_KVARH})
"""Columns of stans: one that cannot be read is STAN_TIDAK_VALID."""


class _Stan(NamedTuple):
    """Usable stans of one register: lalu and akhir, and with a meter change (``ganti``) cabut and pasang."""

    sla: Decimal
    sah: Decimal
    ganti: tuple[Decimal, Decimal] | None = None


class Hitungan(NamedTuple):
    """What the stans of one row come to.

    ``kwh``: exact; None where it cannot be told. ``ganti``: the meter was changed. ``rollover``: a kWh register passed
    its end, with proof. ``belum``: the stan akhir is empty. ``mundur``: a stan went back without proof of a rollover.
    ``data_rusak``: the register's width is none, the arithmetic would lose a digit, or what stood on the registers when
    daya changed contradicts them. ``kvarh_*``: the same of the kVArh pair; ``kvarh_diam``: it did not move.
    ``abonemen``: unmetered. ``bagian``: kWh before and after daya changed, where that can be told.
    ``per_register``: the kWh of LWBP, and of WBP where there is one.
    """

    kwh: Decimal | None
    ganti: bool = False
    rollover: bool = False
    belum: bool = False
    stan_rusak: bool = False
    mundur: bool = False
    daya_rusak: bool = False
    faktor_rusak: bool = False
    data_rusak: bool = False
    kvarh_rusak: bool = False
    kvarh_rollover: bool = False
    kvarh_diam: bool = False
    abonemen: bool = False
    bagian: tuple[Decimal, Decimal] | None = None
    per_register: tuple[Decimal, ...] = ()


def hitung(bacaan: Bacaan) -> Hitungan:
    """Compute the kWh of one reading exactly, and find what keeps it from being used.

    Per register (sah - sla) x fkm; with a meter change (cabut - sla) x old factor + (sah - pasang) x new factor;
    LWBP and WBP added. A sah below sla is a rollover only when the register's width is known, the meter was not
    changed, sla stands at 90 % of the register or more, and the jam nyala of the whole row is at most 720 h.
    A pair of cabut and pasang that is (0, 0) is no change (:func:`_tanpa_ganti_nol`).
    Source: SOP 12.1, public sources on kWh; decision 62.

    :raises decimal.InvalidOperation: a number is a NaN, which no reader of values lets through.
    """
    cacat, pilihan = bacaan.cacat or _BERSIH, bacaan.pilihan or TANPA_PILIHAN
    if pilihan.jam_abonemen is not None:
        return _tanpa_meter(bacaan, pilihan.jam_abonemen, cacat)
    ganti, berganti = _berganti(bacaan), bacaan
    if ganti:
        berganti = _tanpa_ganti_nol(bacaan)
        ganti = _berganti(berganti)
    register, digit_rusak = _register(bacaan.digit_meter, cacat)
    stan = _stan(berganti, cacat, TAK_HINGGA if register is None else register)
    faktor = _faktor(bacaan, cacat, ganti)
    daya, lama = _di_atas_nol(bacaan.daya), _di_atas_nol(pilihan.daya_lama)
    terkecil = daya if daya is None or lama is None else min(daya, lama)
    jumlah = _jumlah(stan, faktor, register, terkecil)
    bagian, mutasi_rusak = None, False
    if jumlah.kwh is not None and faktor is not None and berubah_daya(bacaan):
        bagian, mutasi_rusak = _bagian(stan.stan, faktor, pilihan)
    kvarh_sah = _kvarh_sah(bacaan, cacat)
    kvarh = _kvarh(bacaan, register, terkecil, ganti) if kvarh_sah else _Kvarh()
    return Hitungan(
        kwh=jumlah.kwh,
        ganti=ganti,
        rollover=jumlah.rollover,
        belum=bacaan.sahlwbp is None and "sahlwbp" not in cacat,
        stan_rusak=stan.rusak or not kvarh_sah,
        mundur=jumlah.mundur,
        daya_rusak=daya is None or (pilihan.daya_lama is not None and lama is None),
        faktor_rusak=faktor is None,
        data_rusak=digit_rusak or jumlah.tak_terhitung or mutasi_rusak,
        kvarh_rusak=kvarh.rusak,
        kvarh_rollover=kvarh.rollover,
        kvarh_diam=kvarh.diam,
        bagian=bagian,
        per_register=jumlah.per_register,
    )


def berubah_daya(bacaan: Bacaan) -> bool:
    """Tell whether daya changed in the month."""
    lama = (bacaan.pilihan or TANPA_PILIHAN).daya_lama
    return lama is not None and lama != bacaan.daya


def _di_atas_nol(nilai: Decimal | None) -> Decimal | None:
    return nilai if nilai is not None and NOL < nilai < TAK_HINGGA else None


def _tanpa_meter(bacaan: Bacaan, jam: Decimal, cacat: Mapping[str, str]) -> Hitungan:
    """Compute the kWh of an unmetered customer (street light, abonemen): daya / 1000 x hours by contract.

    It has no stan: one that is there contradicts that. Source: public practice of PLN.
    """
    daya, kwh, rusak = _di_atas_nol(bacaan.daya), None, jam < NOL
    if daya is not None and not rusak:
        try:
            kwh = KONTEKS.multiply(daya, jam).scaleb(-3, KONTEKS)
        except DecimalException:
            rusak = True
    ada = _tanpa_ganti_nol(bacaan)
    if _tanpa_register(ada):
        ada = ada._replace(slakvarh=None, sahkvarh=None)
    stan = any(getattr(ada, kolom) is not None for kolom in KOLOM_STAN) or not cacat.keys().isdisjoint(KOLOM_STAN)
    semua = () if kwh is None else (kwh,)
    return Hitungan(kwh, stan_rusak=stan, daya_rusak=daya is None, data_rusak=rusak, abonemen=True, per_register=semua)


def _berganti(bacaan: Bacaan) -> bool:
    return not (
        bacaan.lwbpcabut is None and bacaan.lwbppasang is None and bacaan.wbpcabut is None and bacaan.wbppasang is None
    )


def _tanpa_ganti_nol(bacaan: Bacaan) -> Bacaan:
    """Take (0, 0) for cabut and pasang as no value at all, register by register.

    Many extracts hold 0 instead of null where no meter was changed. No true change is lost by it: the old meter's part
    must not go back (sla <= cabut), so with cabut 0 sla is 0 too. Then the change would give (0 - 0) x old factor +
    (sah - 0) x factor, and no change gives (sah - 0) x factor: the same kWh, whatever the old factor.

    A register that holds (0, 0) beside one that was changed counts as not changed, as null would: the row is held.
    """
    if bacaan.lwbpcabut == NOL and bacaan.lwbppasang == NOL:
        bacaan = bacaan._replace(lwbpcabut=None, lwbppasang=None)
    if bacaan.wbpcabut == NOL and bacaan.wbppasang == NOL:
        bacaan = bacaan._replace(wbpcabut=None, wbppasang=None)
    return bacaan


def _register(digit: Decimal | None, cacat: Mapping[str, str]) -> tuple[Decimal | None, bool]:
    """Return 10^digit_meter, the register's span (None: not known), and whether there is a width that is none."""
    if digit is None:
        return None, "digit_meter" in cacat
    if NOL < digit <= _DIGIT_MAKS and digit == int(digit):
        return Decimal((0, (1,), int(digit))), False
    return None, True


# ------------------------------------------------------------------------------------------------ kWh registers


class _Register(NamedTuple):
    """The usable registers of a row. ``lengkap``: they are all it has. ``rusak``: a stan cannot be used."""

    stan: list[_Stan]
    lengkap: bool = False
    rusak: bool = False


def _stan(bacaan: Bacaan, cacat: Mapping[str, str], register: Decimal) -> _Register:
    """Collect the usable registers.

    A register is usable when its stans are numbers, 0 <= stan < 10^digit_meter, and both or neither of cabut and
    pasang are there. Registers that disagree about a meter change are not judged any further. Of a row without a stan
    akhir the rest is judged as if the stan had not moved.
    """
    belum = bacaan.sahlwbp is None
    sah = bacaan.slalwbp if belum else bacaan.sahlwbp
    lwbp = _terpakai(bacaan.slalwbp, sah, bacaan.lwbpcabut, bacaan.lwbppasang, register)
    rusak = lwbp is None or (bool(cacat) and not cacat.keys().isdisjoint(_KOLOM_LWBP))
    stan = [lwbp] if lwbp is not None and not rusak and not belum else []
    wbp_cacat = bool(cacat) and not cacat.keys().isdisjoint(_KOLOM_WBP)
    tunggal = bacaan.slawbp is None and bacaan.sahwbp is None
    if tunggal and bacaan.wbpcabut is None and bacaan.wbppasang is None and not wbp_cacat:
        return _Register(stan, bool(stan), rusak)  # single tariff
    wbp = _terpakai(bacaan.slawbp, bacaan.sahwbp, bacaan.wbpcabut, bacaan.wbppasang, register)
    if wbp is None or wbp_cacat:  # also change values on a single-tariff meter
        return _Register([] if tunggal else stan, rusak=True)
    if (bacaan.lwbpcabut is None) != (bacaan.wbpcabut is None):
        return _Register([], rusak=True)
    return _Register([*stan, wbp], bool(stan), rusak)


def _terpakai(
    sla: Decimal | None, sah: Decimal | None, cabut: Decimal | None, pasang: Decimal | None, register: Decimal
) -> _Stan | None:
    """Return the stans of one register if they can be used, else None."""
    if sla is None or sah is None or not NOL <= sla < register or not NOL <= sah < register:
        return None
    if cabut is None and pasang is None:
        return _Stan(sla, sah)
    if cabut is None or pasang is None or not NOL <= cabut < register or not NOL <= pasang < register:
        return None
    return _Stan(sla, sah, (cabut, pasang))


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


class _Jumlah(NamedTuple):
    """The sum of the registers, or why there is none."""

    kwh: Decimal | None = None
    rollover: bool = False
    mundur: bool = False
    tak_terhitung: bool = False
    per_register: tuple[Decimal, ...] = ()


def _jumlah(
    register_baris: _Register, faktor: tuple[Decimal, Decimal] | None, register: Decimal | None, daya: Decimal | None
) -> _Jumlah:
    """Sum the registers.

    A stan that went back and is not proven to be a rollover is ``mundur``, also where another fault of the row
    keeps the proof from being made.
    """
    stan = register_baris.stan
    if not register_baris.lengkap:
        faktor = None
    mundur = [satu for satu in stan if _mundur(satu)]
    if mundur and (
        faktor is None
        or daya is None
        or not all(satu.ganti is None and _di_ujung(satu.sla, register) for satu in mundur)
    ):
        return _Jumlah(mundur=True)
    if faktor is None:
        return _Jumlah()
    try:
        semua = tuple([_kwh(satu, faktor, register) for satu in stan])
        kwh = semua[0] if len(semua) == 1 else KONTEKS.add(*semua)
        if mundur and daya is not None and _lewat_penuh(kwh, daya):
            return _Jumlah(mundur=True)
    except DecimalException:
        return _Jumlah(tak_terhitung=True)
    return _Jumlah(kwh, rollover=bool(mundur), per_register=semua)


def _bagian(
    stan: list[_Stan], faktor: tuple[Decimal, Decimal], pilihan: Pilihan
) -> tuple[tuple[Decimal, Decimal] | None, bool]:
    """Split the kWh where daya changed: (before, after), or None where no stan tells; and whether they contradict.

    A register's stan at that moment lies between its stan lalu and its stan akhir. With a meter change it lies on the
    old meter, of all registers, or on the new one, of all; if both are possible nothing is known.
    """
    saat = (pilihan.mutasi_lwbp, pilihan.mutasi_wbp)[: len(stan)]
    mutasi = [satu for satu in saat if satu is not None]
    if len(mutasi) < len(stan):
        return None, False
    mungkin: list[tuple[Decimal, Decimal]] = []
    try:
        for di_lama in (True, False) if stan[0].ganti is not None else (True,):
            semua = [_potong(satu, ini, faktor, di_lama) for satu, ini in zip(stan, mutasi, strict=True)]
            ada = [satu for satu in semua if satu is not None]
            if len(ada) == len(stan):
                mungkin.append((_tambah(lama for lama, _ in ada), _tambah(baru for _, baru in ada)))
    except DecimalException:
        return None, True
    return (mungkin[0], False) if len(mungkin) == 1 else (None, True)


def _tambah(semua: Iterable[Decimal]) -> Decimal:
    jumlah = NOL
    for satu in semua:
        jumlah = KONTEKS.add(jumlah, satu)
    return jumlah


def _potong(
    stan: _Stan, mutasi: Decimal, faktor: tuple[Decimal, Decimal], di_lama: bool
) -> tuple[Decimal, Decimal] | None:
    """Return one register's kWh before and after a stan of its old meter (or its only one) or of its new meter."""
    sla, sah, ganti = stan
    fkm, fkm_lama = faktor

    def bagian(dari: Decimal, sampai: Decimal, kali: Decimal) -> Decimal:
        return KONTEKS.multiply(KONTEKS.subtract(sampai, dari), kali)

    if ganti is None:
        return (bagian(sla, mutasi, fkm), bagian(mutasi, sah, fkm)) if sla <= mutasi <= sah else None
    cabut, pasang = ganti
    if di_lama and sla <= mutasi <= cabut:
        return bagian(sla, mutasi, fkm_lama), _tambah((bagian(mutasi, cabut, fkm_lama), bagian(pasang, sah, fkm)))
    if not di_lama and pasang <= mutasi <= sah:
        return _tambah((bagian(sla, cabut, fkm_lama), bagian(pasang, mutasi, fkm))), bagian(mutasi, sah, fkm)
    return None


def _lewat_penuh(pakai: Decimal, daya: Decimal) -> bool:
    """Tell whether a consumption (kWh or kVArh) is more than a month at full load of ``daya`` (VA) gives."""
    return KONTEKS.multiply(pakai, SERIBU) > KONTEKS.multiply(JAM_PENUH, daya)


def _di_ujung(sla: Decimal, register: Decimal | None) -> bool:
    """Tell whether a stan lalu stands at 90 % of its register or more (10 x sla >= 9 x 10^digits)."""
    return register is not None and sla >= Decimal((0, (9,), register.adjusted() - 1))


def _mundur(stan: _Stan) -> bool:
    """Tell whether a register went back: with a meter change, the old meter's part or the new one's."""
    sla, sah, ganti = stan
    return sah < sla if ganti is None else ganti[0] < sla or sah < ganti[1]


def _kwh(stan: _Stan, faktor: tuple[Decimal, Decimal], register: Decimal | None) -> Decimal:
    """Compute the kWh of one register. A sah below sla is taken as a rollover, which the caller has allowed.

    :raises decimal.Inexact: when 80 digits do not hold the result.
    """
    sla, sah, ganti = stan
    fkm, lama = faktor
    if ganti is None:
        selisih = KONTEKS.subtract(sah, sla)
        if register is not None and selisih < NOL:
            selisih = KONTEKS.add(selisih, register)
        return KONTEKS.multiply(selisih, fkm)
    cabut, pasang = ganti
    return KONTEKS.add(
        KONTEKS.multiply(KONTEKS.subtract(cabut, sla), lama), KONTEKS.multiply(KONTEKS.subtract(sah, pasang), fkm)
    )


# ------------------------------------------------------------------------------------------------ the kVArh pair


def _kvarh_sah(bacaan: Bacaan, cacat: Mapping[str, str]) -> bool:
    """Check the kVArh stans: none at all, or both, as numbers that are not negative."""
    sla, sah = bacaan.slakvarh, bacaan.sahkvarh
    if cacat and not cacat.keys().isdisjoint(_KOLOM_KVARH):
        return False
    if sla is None or sah is None:
        return sla is sah
    return NOL <= sla < TAK_HINGGA and NOL <= sah < TAK_HINGGA


class _Kvarh(NamedTuple):
    """What a kVArh pair comes to."""

    rusak: bool = False
    rollover: bool = False
    diam: bool = False


def _kvarh(bacaan: Bacaan, register: Decimal | None, daya: Decimal | None, ganti: bool) -> _Kvarh:
    """Judge a kVArh pair of usable stans. ``daya``: the smaller one, where it changed in the month.

    A pair needs a factor above 0. Without a meter change a stan that went back has to be a proven rollover, as a kWh
    register's: width known, sla at 90 % of it or more, and no more consumption than 720 hours allow.
    There is no jam nyala of kVArh, but reactive power is never above the connected power: at most 720 x daya / 1000
    kVArh. With a meter change neither part may go back; where no column tells at which stan it was changed, the pair
    cannot be judged.

    (0, 0) without a factor (null or 0) is a meter that has no such register, as an extract without nulls writes it.
    """
    sla, sah, faktor = bacaan.slakvarh, bacaan.sahkvarh, bacaan.fkmkvarh
    if sla is None or sah is None:
        return _Kvarh()
    if faktor is None or not NOL < faktor < TAK_HINGGA:
        return _Kvarh(rusak=not _tanpa_register(bacaan))
    pilihan = bacaan.pilihan or TANPA_PILIHAN
    cabut, pasang, lama = pilihan.kvarhcabut, pilihan.kvarhpasang, pilihan.fkmkvarh_lama
    if (cabut is not None or pasang is not None) and not (cabut == NOL and pasang == NOL):
        stan = _terpakai(sla, sah, cabut, pasang, TAK_HINGGA if register is None else register)
        return _Kvarh(rusak=stan is None or _mundur(stan) or (lama is not None and lama <= NOL))
    if ganti or sah > sla:
        return _Kvarh()
    if sah == sla:
        return _Kvarh(diam=True)
    berputar = _berputar(_Stan(sla, sah), faktor, register, daya)
    return _Kvarh(rusak=not berputar, rollover=berputar)


def _tanpa_register(bacaan: Bacaan) -> bool:
    """Tell whether a kVArh pair says that there is no such register: (0, 0), and a factor of 0 or none."""
    nol = bacaan.slakvarh == NOL and bacaan.sahkvarh == NOL and not bacaan.fkmkvarh
    return nol and not (bacaan.cacat and "fkmkvarh" in bacaan.cacat)


def _berputar(stan: _Stan, faktor: Decimal, register: Decimal | None, daya: Decimal | None) -> bool:
    """Tell whether a kVArh stan that went back is a proven rollover."""
    if register is None or daya is None or stan.sla >= register or not _di_ujung(stan.sla, register):
        return False
    try:
        return not _lewat_penuh(_kwh(stan, (faktor, faktor), register), daya)
    except DecimalException:
        return False
