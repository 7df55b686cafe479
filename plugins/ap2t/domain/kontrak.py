"""The AP2T gateway contract's words: one reading as it is sent, and the patterns of the run's parameters."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ap2t.domain.angka import kanonik, muat_kontrak
from ap2t.domain.model import Bacaan
from ap2t.galat import MasukanTidakSah

_UNITUP = re.compile(r"[0-9]{5}").fullmatch
_THBLREK = re.compile(r"([0-9]{4})(?:0[1-9]|1[0-2])").fullmatch
_HARI_BACA = re.compile(r"[A-Z0-9]{1,2}").fullmatch
_TAHUN_AWAL, _TAHUN_AKHIR = 2000, 2100


class BarisKirim(NamedTuple):
    """What is sent of a reading, its kWh, and its jam nyala (hours)."""

    kwh: Decimal
    jam_nyala: Decimal
    idpel: str
    tgl_baca: datetime | None
    slalwbp: Decimal | None
    sahlwbp: Decimal | None
    slawbp: Decimal | None
    sahwbp: Decimal | None
    slakvarh: Decimal | None
    sahkvarh: Decimal | None


def baris_posting(
    bacaan: Bacaan | BarisKirim, kwh: Decimal, jam_nyala: Decimal, zona: ZoneInfo
) -> dict[str, str | None]:
    """Write one reading as the contract's ``Bacaan``: numbers as canonical text, the date in the unit's own zone.

    :param kwh: the exact kWh the sieve computed; sent as ``pemkwh``.
    :param jam_nyala: hours, rounded to 3 decimals.
    :param zona: the unit's zone (``v_unit.zona_waktu``).
    :raises ValueError: when a needed value is missing or a number does not fit the contract; the sieve lets no
        such row through, so this is a fault of the program, not of the data.
    """
    tgl_baca = bacaan.tgl_baca
    if tgl_baca is None or tgl_baca.tzinfo is None:
        raise ValueError("tgl_baca is missing or has no time zone")
    return {
        "idpel": bacaan.idpel,
        "slalwbp": _wajib("slalwbp", bacaan.slalwbp),
        "sahlwbp": _wajib("sahlwbp", bacaan.sahlwbp),
        "slawbp": _boleh("slawbp", bacaan.slawbp),
        "sahwbp": _boleh("sahwbp", bacaan.sahwbp),
        "slakvarh": _boleh("slakvarh", bacaan.slakvarh),
        "sahkvarh": _boleh("sahkvarh", bacaan.sahkvarh),
        "pemkwh": _wajib("pemkwh", kwh),
        "jam_nyala": _wajib("jam_nyala", jam_nyala),
        "tgl_baca": tgl_baca.astimezone(zona).date().isoformat(),
    }


def _wajib(kolom: str, nilai: Decimal | None) -> str:
    if nilai is None:
        raise ValueError(f"{kolom} is missing")
    if not muat_kontrak(nilai):
        raise ValueError(f"{kolom} does not fit the contract")
    return kanonik(nilai)


def _boleh(kolom: str, nilai: Decimal | None) -> str | None:
    return None if nilai is None else _wajib(kolom, nilai)


def unitup_sah(nilai: str) -> bool:
    """Tell whether this is a unit's code: five digits."""
    return _UNITUP(nilai) is not None


def periksa_unitup(nilai: object) -> str:
    """Return a unit code if it is one (5 digits).

    :raises MasukanTidakSah: otherwise.
    """
    if isinstance(nilai, str) and _UNITUP(nilai):
        return nilai
    raise MasukanTidakSah(f"unitup {_kutip(nilai)} tidak sah: isi kode unit 5 angka, misalnya 53511.")


def periksa_thblrek(nilai: object) -> str:
    """Return a billing month if it is one (YYYYMM, year 2000 to 2100).

    :raises MasukanTidakSah: otherwise.
    """
    cocok = _THBLREK(nilai) if isinstance(nilai, str) else None
    if cocok is not None and _TAHUN_AWAL <= int(cocok[1]) <= _TAHUN_AKHIR:
        return cocok[0]
    raise MasukanTidakSah(
        f"thblrek {_kutip(nilai)} tidak sah: isi tahun dan bulan rekening 6 angka (YYYYMM), misalnya 202606, "
        f"dengan tahun {_TAHUN_AWAL} sampai {_TAHUN_AKHIR}."
    )


def periksa_hari_baca(nilai: object) -> str:
    """Return a kelompok code if it is one (1 or 2 capital letters or digits).

    :raises MasukanTidakSah: otherwise.
    """
    if isinstance(nilai, str) and _HARI_BACA(nilai):
        return nilai
    raise MasukanTidakSah(
        f"hari_baca {_kutip(nilai)} tidak sah: isi kode kelompok 1 atau 2 huruf besar atau angka, misalnya A."
    )


def _kutip(nilai: object) -> str:
    """Quote the input as it may stand in a message: not longer than a line."""
    teks = repr(nilai)
    return teks if len(teks) <= 40 else f"{teks[:37]}..."
