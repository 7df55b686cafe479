"""The AP2T gateway contract's words: one reading as it is sent, and the patterns of the run's parameters."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ap2t.domain.angka import kanonik, muat_kontrak
from ap2t.domain.kalender import TAHUN, awal_bulan
from ap2t.domain.model import Bacaan
from ap2t.domain.teks import kutip
from ap2t.galat import MasukanTidakSah

_UNITUP = re.compile(r"[0-9]{5}").fullmatch
_BOLEH_KOSONG = ("slawbp", "sahwbp", "slakvarh", "sahkvarh")
_STAN = ("slalwbp", "sahlwbp", *_BOLEH_KOSONG)
_HARI_BACA = re.compile(r"[A-Z0-9]{1,2}").fullmatch


_ANGKA = r'"[0-9]{1,12}(?:[.][0-9]{1,6})?"'
_baris_sah = re.compile(
    r'\{"idpel": "[0-9]{12}"'
    + "".join(
        f', "{kolom}": ' + (f"(?:{_ANGKA}|null)" if kolom in _BOLEH_KOSONG else _ANGKA)
        for kolom in sorted((*_STAN, "pemkwh", "jam_nyala"))
    )
    + r', "tgl_baca": "[0-9]{4}-[0-9]{2}-[0-9]{2}"\}'
).fullmatch


class BarisKirim(NamedTuple):
    """A reading as the ledger writes it for AP2T: the JSON of :func:`baris_posting`, its keys in order."""

    idpel: str
    tertulis: str | None

    @property
    def isi(self) -> str:
        """What is sent.

        :raises ValueError: it does not fit the contract, which is a fault of the program, as in :func:`baris_posting`.
        """
        if self.tertulis is None or _baris_sah(self.tertulis) is None:
            raise ValueError(f"{self.idpel} does not fit the contract")
        return self.tertulis


def baris_posting(bacaan: Bacaan, kwh: Decimal, jam_nyala: Decimal, zona: ZoneInfo) -> dict[str, str | None]:
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
    angka = {kolom: getattr(bacaan, kolom) for kolom in _STAN} | {"pemkwh": kwh, "jam_nyala": jam_nyala}
    for kolom, nilai in angka.items():
        if nilai is None and kolom not in _BOLEH_KOSONG:
            raise ValueError(f"{kolom} is missing")
        if nilai is not None and not muat_kontrak(nilai):
            raise ValueError(f"{kolom} does not fit the contract")
    teks = {kolom: None if nilai is None else kanonik(nilai) for kolom, nilai in angka.items()}
    return {"idpel": bacaan.idpel, **teks, "tgl_baca": tgl_baca.astimezone(zona).date().isoformat()}


def unitup_sah(nilai: str) -> bool:
    """Tell whether this is a unit's code: five digits."""
    return _UNITUP(nilai) is not None


def periksa_unitup(nilai: object) -> str:
    """Return a unit code if it is one (5 digits).

    :raises MasukanTidakSah: otherwise.
    """
    if isinstance(nilai, str) and _UNITUP(nilai):
        return nilai
    raise MasukanTidakSah(f"unitup {kutip(nilai)} tidak sah: isi kode unit 5 angka, misalnya 53511.")


def periksa_thblrek(nilai: object) -> str:
    """Return a billing month if it is one (YYYYMM, year 2000 to 2100).

    :raises MasukanTidakSah: otherwise.
    """
    if isinstance(nilai, str) and awal_bulan(nilai) is not None:
        return nilai
    raise MasukanTidakSah(
        f"thblrek {kutip(nilai)} tidak sah: isi tahun dan bulan rekening 6 angka (YYYYMM), misalnya 202606, "
        f"dengan tahun {TAHUN[0]} sampai {TAHUN[-1]}."
    )


def periksa_hari_baca(nilai: object) -> str:
    """Return a kelompok code if it is one (1 or 2 capital letters or digits).

    :raises MasukanTidakSah: otherwise.
    """
    if isinstance(nilai, str) and _HARI_BACA(nilai):
        return nilai
    raise MasukanTidakSah(
        f"hari_baca {kutip(nilai)} tidak sah: isi kode kelompok 1 atau 2 huruf besar atau angka, misalnya A."
    )
