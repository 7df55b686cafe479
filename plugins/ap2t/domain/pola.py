"""A unit's pattern of approval (SOP 12.1, rule 1: "disesuaikan pada regulasi atau kesepakatan Unit"): its rules.

Every value comes as text and is read exactly: no number passes through a binary float. What a person reads of a fault
is Bahasa Indonesia and names what is allowed.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from ap2t.domain.angka import kanonik as teks_angka
from ap2t.domain.kalender import TAHUN
from ap2t.domain.kode import BentukPola
from ap2t.domain.model import BATAS_JAM_NYALA, Sikap, WajibDilihat
from ap2t.domain.teks import ZONA_PUSAT, kutip
from ap2t.domain.yaml_bertanda import Jalur

JAM_MAKS = Decimal(31 * 24)
HARI_MAKS = 120
METER_MAKS = 100_000
SAMPEL_MAKS = 500
"""Customers drawn for inspection: each is named at the gate."""
KENAIKAN_MAKS = 1000
"""Per cent."""
PILIHAN_MAKS, HURUF_MAKS = 20, 60
"""Words of a list that a person chooses from, and letters of one."""
ALASAN_MIN = 10

_ANGKA = re.compile(r"[0-9]{1,20}(?:[.][0-9]{1,20})?").fullmatch
_SAAT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
).fullmatch


# ---------------------------------------------------------------------------------------------- what a value may be


def _tolak(pesan: str, **lain: Any) -> PydanticCustomError:
    return PydanticCustomError("pola", "{pesan}", {"pesan": pesan, **lain})


def _kutip(nilai: object) -> str:
    if isinstance(nilai, dict | list):
        return "kelompok isian" if isinstance(nilai, dict) else "daftar"
    return kutip(str(nilai))


def _teks(nilai: object) -> str:
    """Return a scalar that is meant as text: not what YAML reads as nothing, yes or no."""
    if not isinstance(nilai, str) or getattr(nilai, "jenis", "str") in ("null", "bool") or not nilai.strip():
        raise _tolak(f"{_kutip(nilai)} bukan teks; bila memang namanya begitu, tulis dalam tanda kutip")
    return str(nilai).strip()


def _nama(nilai: object) -> str:
    teks = _teks(nilai)
    if len(teks) > 100 or re.search(r"[\s,]", teks) or not teks.isprintable():  # a name must be what one sees
        raise _tolak(f"{_kutip(nilai)} bukan nama pengguna: satu kata, paling panjang 100 huruf")
    return teks


def _alasan(nilai: object) -> str:
    teks = _teks(nilai)
    if len(teks) < ALASAN_MIN:
        raise _tolak(f"alasan paling sedikit {ALASAN_MIN} huruf; ia dibaca auditor")
    return teks


def _kesiapan(nilai: object) -> str:
    return _salah_satu(nilai, BentukPola)


def _ya(nilai: object) -> bool:
    if isinstance(nilai, bool):
        return nilai
    if getattr(nilai, "jenis", "") != "bool" or nilai not in ("true", "false"):
        raise _tolak(f"{_kutip(nilai)} bukan pilihan; tulis true atau false")
    return nilai == "true"


def _batas(nilai: object, maks: Decimal, satuan: str) -> Decimal:
    """Read a number exactly from its text. A number that went through a float does not come here."""
    if not isinstance(nilai, str) or _ANGKA(nilai) is None or not 0 < Decimal(nilai) <= maks:
        raise _tolak(
            f"{_kutip(nilai)} tidak sah; isi {satuan} di atas 0 dan paling banyak {maks}, misalnya 1500 atau 0.5"
        )
    return Decimal(nilai)


def _jam_nyala(nilai: object) -> Decimal:
    return _batas(nilai, BATAS_JAM_NYALA, "jam nyala (SOP 12.1)")


def _jam(nilai: object) -> Decimal | None:
    return None if nilai is None else _batas(nilai, JAM_MAKS, "jam")


def _sampel(nilai: object) -> int | None:
    return None if nilai is None else _bulat(nilai, SAMPEL_MAKS, "jumlah pelanggan")


def _tanggal_atau_saat(nilai: object) -> datetime:
    """Read a date (its first instant) or an instant. Without an offset it is meant in the unit's own zone."""
    if isinstance(nilai, str) and _SAAT(nilai):
        with suppress(ValueError):
            saat = datetime.fromisoformat(nilai)
            if saat.year in TAHUN:
                return saat if saat.tzinfo is None else saat.astimezone(UTC)
    raise _tolak(
        f"{_kutip(nilai)} bukan tanggal atau saat; tulis 2026-06-01, 2026-06-01T08:00 (zona unit), "
        "atau 2026-06-01T08:00+07:00"
    )


def _batas_hari(nilai: object) -> int | None:
    return None if nilai is None else _hari(nilai)


def _sikap(nilai: object) -> str:
    return _salah_satu(nilai, Sikap)


def _pilihan(nilai: object) -> str:
    teks = _teks(nilai)
    if len(teks) > HURUF_MAKS or not teks.isprintable():
        raise _tolak(f"{_kutip(nilai)} bukan pilihan: satu baris, paling panjang {HURUF_MAKS} huruf")
    return teks


def _wajib_dilihat(nilai: object) -> str:
    return _salah_satu(nilai, WajibDilihat)


def _salah_satu(nilai: object, pilihan: type[StrEnum]) -> str:
    if nilai not in tuple(pilihan):
        raise _tolak(f"{_kutip(nilai)} tidak dikenal; pilih {' atau '.join(pilihan)}")
    return str(nilai)


def _hari(nilai: object) -> int:
    return _bulat(nilai, HARI_MAKS, "jumlah hari")


def _meter(nilai: object) -> int:
    return _bulat(nilai, METER_MAKS, "jarak dalam meter")


def _persen(nilai: object) -> int:
    return _bulat(nilai, KENAIKAN_MAKS, "kenaikan dalam persen")


def _bulat(nilai: object, maks: int, apa: str) -> int:
    if not isinstance(nilai, str) or re.fullmatch("[0-9]{1,6}", nilai) is None or not 1 <= int(nilai) <= maks:
        raise _tolak(f"{_kutip(nilai)} tidak sah; isi {apa}, bilangan bulat 1 sampai {maks}")
    return int(nilai)


Nama = Annotated[str, PlainValidator(_nama)]
Kata = Annotated[str, PlainValidator(_pilihan)]
Hari = Annotated[int, PlainValidator(_hari)]
Saat = Annotated[datetime, PlainValidator(_tanggal_atau_saat)]
Jam = Annotated[Decimal | None, PlainValidator(_jam)]


def pada(saat: datetime, zona: str) -> datetime:
    """Return the instant of a ``Saat``: without an offset it is the unit's local time."""
    return saat if saat.tzinfo else saat.replace(tzinfo=ZoneInfo(zona))


def samakan(nama: str) -> str:
    """Return what two spellings of one person's username share: blanks at the ends and capitals do not count."""
    return nama.strip().casefold()


# -------------------------------------------------------------------------------------------------------- the rules


class _Ketat(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Delegasi(_Ketat):
    """ADMIN_CMT of a unit lent to a named person, from ``dari`` (included) to ``sampai`` (excluded)."""

    kepada: Nama
    oleh: Nama
    dari: Saat
    sampai: Saat
    alasan: Annotated[str, PlainValidator(_alasan)]

    @field_validator("oleh")
    @classmethod
    def _orang_lain(cls, oleh: str, info: ValidationInfo) -> str:
        if samakan(str(info.data.get("kepada", ""))) == samakan(oleh):
            raise _tolak("delegasi kepada diri sendiri; isi kepada dan oleh dengan orang yang berbeda")
        return oleh

    @field_validator("sampai")
    @classmethod
    def _tidak_terbalik(cls, sampai: datetime, info: ValidationInfo) -> datetime:
        dari, zona = info.data.get("dari"), _zona(info)
        if dari is not None and not pada(dari, zona) < pada(sampai, zona):
            raise _tolak("delegasi berakhir sebelum atau tepat saat mulai; sampai harus sesudah dari")
        return sampai

    def berlaku(self, sekarang: datetime, zona: str) -> bool:
        """Whether it holds at an instant, in the unit's zone."""
        return pada(self.dari, zona) <= sekarang < pada(self.sampai, zona)

    def bertumpuk(self, lain: Delegasi, zona: str) -> bool:
        """Whether the same person holds it and ``lain`` at some instant."""
        if samakan(self.kepada) != samakan(lain.kepada):
            return False
        return pada(self.dari, zona) < pada(lain.sampai, zona) and pada(lain.dari, zona) < pada(self.sampai, zona)


class PolaBawaan(_Ketat):
    """A pattern of approval: readiness, approvers, a stricter limit (hours), what follows when nobody answers.

    ``sampel``: how many customers of each session are drawn for inspection; None: none. ``wajib_dilihat``: what whoever
    approves has to have looked at. ``kenaikan_perkiraan``: per cent by which an estimate rises before it is counted at
    the gate. ``batas_pengembalian_hari``: days in which whoever is sent back is to be sent anew; None: no limit.
    ``hasil_pemeriksaan``, ``tindak_lanjut``: the words for what was found at a row, and for what is to follow. The
    rest is what the rules of practice ask of a unit (:class:`~ap2t.domain.model.Ketentuan`).
    """

    kesiapan: Annotated[str, PlainValidator(_kesiapan)]
    persetujuan_kedua: Annotated[bool, PlainValidator(_ya)]
    batas_jam_nyala: Annotated[Decimal, PlainValidator(_jam_nyala)]
    batas_jawab_jam: Jam = None
    eskalasi: tuple[Nama, ...] = Field(default=(), validate_default=True)
    tutup_sesudah_jam: Jam = None
    sampel: Annotated[int | None, PlainValidator(_sampel)] = None
    wajib_dilihat: Annotated[str, PlainValidator(_wajib_dilihat)] = WajibDilihat.TIDAK
    stan_tidak_sambung: Annotated[str, PlainValidator(_sikap)] = Sikap.PERHATIAN
    faktor_berubah: Annotated[str, PlainValidator(_sikap)] = Sikap.PERHATIAN
    periode_panjang: Hari = 35
    periode_pendek: Hari = 25
    baca_sebelum: Hari = 7
    lokasi_jauh: Annotated[int, PlainValidator(_meter)] = 500
    kenaikan_perkiraan: Annotated[int, PlainValidator(_persen)] = 20
    batas_pengembalian_hari: Annotated[int | None, PlainValidator(_batas_hari)] = None
    hasil_pemeriksaan: tuple[Kata, ...] = ("sesuai", "stan tidak sesuai foto", "foto tidak terbaca", "perlu baca ulang")
    tindak_lanjut: tuple[Kata, ...] = ("tidak perlu", "kembalikan", "periksa lapangan")

    @field_validator("eskalasi")
    @classmethod
    def _ada_yang_diberi_tahu(cls, orang: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not orang and info.data.get("batas_jawab_jam") is not None:
            raise _tolak("eskalasi wajib diisi bila batas_jawab_jam diisi: siapa yang diberi tahu saat tenggat lewat")
        if len({samakan(nama) for nama in orang}) < len(orang):
            raise _tolak("eskalasi menyebut orang yang sama lebih dari sekali")
        return orang

    @field_validator("wajib_dilihat")
    @classmethod
    def _ada_sampelnya(cls, wajib: str, info: ValidationInfo) -> str:
        if wajib == WajibDilihat.SAMPEL and info.data.get("sampel", 1) is None:
            raise _tolak("sampel wajib diisi bila wajib_dilihat: sampel; tanpa sampel tidak ada yang harus dilihat")
        return wajib

    @field_validator("hasil_pemeriksaan", "tindak_lanjut")
    @classmethod
    def _berbeda(cls, kata: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not 1 <= len({samakan(satu) for satu in kata}) == len(kata) <= PILIHAN_MAKS:
            raise _tolak(f"{info.field_name} berisi 1 sampai {PILIHAN_MAKS} pilihan yang berbeda")
        return kata

    @field_validator("tutup_sesudah_jam")
    @classmethod
    def _sesudah_tenggat(cls, tutup: Decimal | None, info: ValidationInfo) -> Decimal | None:
        batas = info.data.get("batas_jawab_jam")
        if tutup is not None and batas is not None and tutup <= batas:
            raise _tolak(f"tutup_sesudah_jam harus lebih lama daripada batas_jawab_jam ({teks_angka(batas)})")
        return tutup


class PolaUnit(PolaBawaan):
    """The pattern of one unit, and who holds ADMIN_CMT there by delegation."""

    delegasi: tuple[Delegasi, ...] = ()

    @field_validator("delegasi")
    @classmethod
    def _tidak_bertumpuk(cls, semua: tuple[Delegasi, ...], info: ValidationInfo) -> tuple[Delegasi, ...]:
        zona = _zona(info)
        letak = [ke for ke, satu in enumerate(semua) if any(lain.bertumpuk(satu, zona) for lain in semua[:ke])]
        if letak:
            raise _tolak("delegasi ini bertumpuk waktunya dengan delegasi lain kepada orang yang sama", letak=letak)
        return semua

    @property
    def orang(self) -> dict[Jalur, str]:
        """Everybody it gives something to do, by where they stand in the unit's part."""
        return {
            **{("delegasi", nomor, "kepada"): delegasi.kepada for nomor, delegasi in enumerate(self.delegasi)},
            **{("eskalasi", nomor): nama for nomor, nama in enumerate(self.eskalasi)},
        }


def _zona(info: ValidationInfo) -> str:
    """Return the unit's zone. Where it is not known a time without one is compared as Jakarta's."""
    return str((info.context or {}).get("zona") or ZONA_PUSAT)


BAWAAN = PolaBawaan.model_validate(
    {"kesiapan": BentukPola.LENGKAP, "persetujuan_kedua": False, "batas_jam_nyala": str(BATAS_JAM_NYALA)}
)
"""What holds for a unit that no configuration names."""
