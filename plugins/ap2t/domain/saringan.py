"""The sieve: may this reading be approved, why not, and what should a person look at (SOP 12.1, rule 4, and DLPD)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, DecimalException, InvalidOperation
from typing import Any, NamedTuple

from ap2t.domain.angka import KONTEKS, NOL, SERIBU, TAK_HINGGA, bagi_tiga_desimal, kanonik, muat_kontrak
from ap2t.domain.kwh import JAM_PENUH, KOLOM_STAN, hitung_kwh, periksa_kvarh, pisahkan_bukan_bilangan, urutkan
from ap2t.domain.model import BATAS_JAM_NYALA, GANDA, Alasan, Aturan, Bacaan, Dlpd, HasilSaring, StanLalu, idpel_sah
from ap2t.domain.teks import ribuan

_JAM_RENDAH = Decimal(40)
_DUA = Decimal(2)
_TIGA = Decimal(3)
_BERNAMA_LAIN = KOLOM_STAN | {"daya", "fkmkwh", "digit_meter", GANDA}
"""Unreadable values that another reason than DATA_TIDAK_VALID tells of."""
_URUTAN_DLPD = {tanda: nomor for nomor, tanda in enumerate(Dlpd)}


class Saringan(NamedTuple):
    """What the sieve says of one reading.

    ``kwh`` is exact; ``jam_nyala`` in hours, rounded HALF UP to 3 decimals, for information only (the decision
    is made on exact values). Both are None where they cannot be told.
    """

    kwh: Decimal | None
    jam_nyala: Decimal | None
    hasil: HasilSaring
    alasan: tuple[Alasan, ...]
    dlpd: tuple[Dlpd, ...]


def saring(bacaan: Bacaan, aturan: Aturan, lalu: StanLalu | None = None) -> Saringan:
    """Sieve one reading: LOLOS, or DITAHAN with every reason that can be told, in the enum's order.

    :param aturan: the session's rule set; its limit in hours may be stricter than 2000, never higher.
    :param lalu: what was last posted of the customer; None: nothing is known of it, and the chain is not judged.
    :raises ValueError: when the limit is above 2000 hours, not positive, or not a number.
    """
    batas = aturan.batas_jam_nyala
    if not batas.is_finite() or not NOL < batas <= BATAS_JAM_NYALA:
        raise ValueError(f"batas jam nyala {batas} tidak sah: harus di atas 0 dan paling tinggi {BATAS_JAM_NYALA}")
    try:
        return _saring(bacaan, aturan, lalu)
    except InvalidOperation:  # a NaN that did not come through ke_desimal
        return _saring(pisahkan_bukan_bilangan(bacaan), aturan, lalu)


def _saring(bacaan: Bacaan, aturan: Aturan, lalu: StanLalu | None) -> Saringan:
    kwh, alasan_kwh, dlpd_kwh = hitung_kwh(bacaan)
    alasan, dlpd, jam_nyala = list(alasan_kwh), list(dlpd_kwh), None
    if GANDA in (bacaan.cacat or ()):
        alasan.append(Alasan.GANDA)
    _di_luar_kwh(bacaan, aturan, lalu, alasan, dlpd)
    if not _data_sah(bacaan, kwh):
        alasan.append(Alasan.DATA_TIDAK_VALID)
    if kwh is not None:
        if bacaan.pemkwh is not None and bacaan.pemkwh != kwh:
            alasan.append(Alasan.SELISIH_KWH)
        try:
            if bacaan.daya is not None and NOL < bacaan.daya < TAK_HINGGA:
                jam_nyala = _jam_nyala(kwh, bacaan.daya, aturan.batas_jam_nyala, alasan, dlpd)
            _bandingkan(bacaan, kwh, dlpd)
        except DecimalException:
            if pisahkan_bukan_bilangan(bacaan) is not bacaan:  # a NaN, which the caller sets apart
                raise
            alasan.append(Alasan.DATA_TIDAK_VALID)
    dlpd.sort(key=_URUTAN_DLPD.__getitem__)
    return Saringan(kwh, jam_nyala, HasilSaring.DITAHAN if alasan else HasilSaring.LOLOS, urutkan(alasan), tuple(dlpd))


def _di_luar_kwh(bacaan: Bacaan, aturan: Aturan, lalu: StanLalu | None, alasan: list[Alasan], dlpd: list[Dlpd]) -> None:
    """Judge what has nothing to do with the amount of kWh: kVArh, the reading day, the chain, the photo."""
    ganti = Dlpd.GANTI_METER in dlpd
    kvarh = periksa_kvarh(bacaan, ganti=ganti)
    if isinstance(kvarh, Alasan):
        alasan.append(kvarh)
    elif kvarh is not None and kvarh not in dlpd:  # a kWh register may have rolled over as well
        dlpd.append(kvarh)
    rentang = aturan.rentang_baca
    if rentang is not None and bacaan.tgl_baca is not None and not rentang[0] <= bacaan.tgl_baca <= rentang[1]:
        alasan.append(Alasan.TGL_BACA_TIDAK_WAJAR)
    if lalu is not None and not ganti:
        _rantai(bacaan, lalu, dlpd)
    if bacaan.foto_url is None or not bacaan.foto_url.strip():
        dlpd.append(Dlpd.TANPA_FOTO)


def _rantai(bacaan: Bacaan, lalu: StanLalu, dlpd: list[Dlpd]) -> None:
    """Compare with what was last posted: without a meter change stan lalu is its stan akhir, and the factor is its own.

    A WBP register that is not there stands at nothing: 0 and null are the same. What is missing or unreadable now is
    held already and not compared.
    """
    putus = bacaan.slalwbp is not None and lalu.lwbp is not None and bacaan.slalwbp != lalu.lwbp
    if not (bacaan.cacat and "slawbp" in bacaan.cacat):
        putus = putus or (bacaan.slawbp or NOL) != (lalu.wbp or NOL)
    if putus:
        dlpd.append(Dlpd.STAN_TIDAK_SAMBUNG)
    if bacaan.fkmkwh is not None and lalu.fkm is not None and bacaan.fkmkwh != lalu.fkm:
        dlpd.append(Dlpd.FAKTOR_BERUBAH)


_SISI = (
    ("stan lalu", "slalwbp", "lalu_lwbp"),
    ("stan lalu WBP", "slawbp", "lalu_wbp"),
    ("faktor kali", "fkmkwh", "lalu_fkm"),
)


def sebut_rantai(nilai: Mapping[str, Any]) -> str:
    """Say how a row contradicts what was last posted, with both values, or nothing where it does not.

    For a person of the unit: never for a log or a gate's text.

    :param nilai: the row's values by name, those of the sieve (``lalu_bulan`` …) with them; numbers, or their text.
    """
    if nilai["lalu_bulan"] is None:
        return ""
    angka = [(nama, _sebut(nilai[kini]), _sebut(nilai[lalu])) for nama, kini, lalu in _SISI]
    beda = [f"{nama} {kini}, terakhir disahkan {lalu}" for nama, kini, lalu in angka if kini != lalu]
    return f"{'; '.join(beda)} (bulan {nilai['lalu_bulan']})"


def _sebut(nilai: object) -> str:
    return ribuan(Decimal(kanonik(Decimal(str(nilai or 0)))))


def _data_sah(bacaan: Bacaan, kwh: Decimal | None) -> bool:
    """Tell whether what would be sent fits the contract: key, date, and every number to 12 + 6 digits.

    A value that could not be read holds the row whichever column it stands in; where a rule of its own names it better,
    as a negative stan too, it is left to that rule.
    """
    if not idpel_sah(bacaan.idpel) or bacaan.tgl_baca is None:
        return False
    if bacaan.cacat and not _BERNAMA_LAIN.issuperset(bacaan.cacat):
        return False
    for nilai in (bacaan.slalwbp, bacaan.sahlwbp, bacaan.slawbp, bacaan.sahwbp, bacaan.slakvarh, bacaan.sahkvarh, kwh):
        if nilai is not None and not muat_kontrak(nilai) and nilai >= NOL:
            return False
    return True


def _jam_nyala(kwh: Decimal, daya: Decimal, batas: Decimal, alasan: list[Alasan], dlpd: list[Dlpd]) -> Decimal:
    """Judge jam nyala = kWh / (daya / 1000) without dividing, and return it rounded, in hours.

    Over the limit: kWh x 1000 > limit x daya (2000 itself passes). ``daya`` in VA.
    """
    seribu = KONTEKS.multiply(kwh, SERIBU)
    if seribu > KONTEKS.multiply(batas, daya):
        alasan.append(Alasan.JAM_NYALA)
    if not kwh:
        dlpd.append(Dlpd.KWH_NOL)
    elif seribu >= KONTEKS.multiply(JAM_PENUH, daya):
        dlpd.append(Dlpd.JAM_NYALA_TINGGI)
    elif seribu < KONTEKS.multiply(_JAM_RENDAH, daya):
        dlpd.append(Dlpd.JAM_NYALA_RENDAH)
    return bagi_tiga_desimal(seribu, daya)


def _bandingkan(bacaan: Bacaan, kwh: Decimal, dlpd: list[Dlpd]) -> None:
    """Compare with last month (50 % or more either way) and with the 3-month average (over 1.5 times), in kWh."""
    lalu, rata3 = bacaan.pemkwh_lalu, bacaan.pemkwh_rata3
    dua = KONTEKS.multiply(kwh, _DUA)
    if lalu is not None and lalu >= NOL and (kwh or lalu):
        if dua >= KONTEKS.multiply(lalu, _TIGA):
            dlpd.append(Dlpd.NAIK_50)
        elif dua <= lalu:
            dlpd.append(Dlpd.TURUN_50)
    if rata3 is not None and rata3 >= NOL and dua > KONTEKS.multiply(rata3, _TIGA):
        dlpd.append(Dlpd.DI_ATAS_RATA3)
