"""Who is told of what over which channels: kinds of news, and the one document that says it per unit and person.

Read as a whole or refused as a whole, every fault by its line, as the units' patterns are (:mod:`ap2t.domain.pola`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from ap2t.domain.kontrak import periksa_unitup
from ap2t.domain.pola import samakan
from ap2t.domain.yaml_bertanda import Bertanda, Jalur, Pohon
from ap2t.galat import KonfigurasiTidakSah, MasukanTidakSah

CONTOH = "`ap2t pemberitahuan contoh`"
AWALAN = "apprise_"
"""What the connection of an Apprise channel begins with; the document names what follows."""
_SALURAN = re.compile(r"[a-z0-9_]{1,40}").fullmatch


class Kabar(StrEnum):
    """A kind of news. The order is the order of a session's life."""

    BELUM_SIAP = "BELUM_SIAP"
    KALENDER = "KALENDER"
    GERBANG = "GERBANG"
    PENGINGAT = "PENGINGAT"
    ESKALASI = "ESKALASI"
    SUKSES = "SUKSES"
    PEMBATALAN = "PEMBATALAN"
    NIHIL = "NIHIL"
    DITOLAK = "DITOLAK"
    KEDALUWARSA = "KEDALUWARSA"
    TERHENTI = "TERHENTI"


def _tolak(pesan: str) -> PydanticCustomError:
    return PydanticCustomError("pemberitahuan", "{pesan}", {"pesan": pesan})


def _kutip(nilai: object) -> str:
    return repr(str(nilai))[:40] if isinstance(nilai, str) else "kelompok isian atau daftar"


def _ya(nilai: object) -> bool:
    if getattr(nilai, "jenis", "") != "bool" or nilai not in ("true", "false"):
        raise _tolak(f"{_kutip(nilai)} bukan pilihan; tulis true atau false")
    return nilai == "true"


def _saluran(nilai: object) -> str:
    if not isinstance(nilai, str) or _SALURAN(nilai) is None:
        raise _tolak(
            f"{_kutip(nilai)} bukan nama saluran: huruf kecil, angka dan _, paling panjang 40; "
            f"koneksinya {AWALAN}<nama> di lingkungan atau secrets backend"
        )
    return AWALAN + nilai


def _kabar(nilai: object) -> Kabar:
    if not isinstance(nilai, str) or nilai not in set(Kabar):
        raise _tolak(f"{_kutip(nilai)} tidak dikenal; pilih dari {', '.join(Kabar)}")
    return Kabar(str(nilai))


class Saluran(BaseModel):
    """Channels of a unit or a person. None: what holds above holds here too.

    ``surel``: whether people get mail. ``apprise``: connection ids; of a unit: channels that get its news once, of a
    person: channels of that person alone. ``jenis``: the kinds that are told at all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    surel: Annotated[bool | None, PlainValidator(_ya)] = None
    apprise: tuple[Annotated[str, PlainValidator(_saluran)], ...] | None = None
    jenis: tuple[Annotated[Kabar, PlainValidator(_kabar)], ...] | None = None

    def memberitakan(self, kabar: Kabar) -> bool:
        """Whether this kind is told here."""
        return self.jenis is None or kabar in self.jenis

    @property
    def sendiri(self) -> tuple[str, ...]:
        """Its own channels, each once."""
        return tuple(dict.fromkeys(self.apprise or ()))


class Aturan(NamedTuple):
    """The whole document. A unit's keys replace those of ``bawaan``, a person's narrow or extend the unit's."""

    bawaan: Saluran = Saluran()
    unit: Mapping[str, Saluran] = {}
    orang: Mapping[str, Saluran] = {}
    """By username as :func:`ap2t.domain.pola.samakan` writes it."""

    def _berlaku(self, unitup: str) -> Saluran:
        milik = self.unit.get(unitup)
        return self.bawaan.model_copy(update=milik.model_dump(exclude_none=True)) if milik else self.bawaan

    def saluran_unit(self, unitup: str, kabar: Kabar) -> tuple[str, ...]:
        """Return the unit's own channels for a kind of news, each once."""
        unit = self._berlaku(unitup)
        return unit.sendiri if unit.memberitakan(kabar) else ()

    def saluran_orang(self, unitup: str, username: str, kabar: Kabar) -> tuple[bool, tuple[str, ...]]:
        """Return whether a person gets mail of a unit's news of this kind, and the person's own channels."""
        unit, orang = self._berlaku(unitup), self.orang.get(samakan(username), Saluran())
        if not (unit.memberitakan(kabar) and orang.memberitakan(kabar)):
            return False, ()
        return (unit.surel is not False if orang.surel is None else orang.surel), orang.sendiri

    @property
    def semua_saluran(self) -> list[str]:
        """Every Apprise connection that is named."""
        bagian = (self.bawaan, *self.unit.values(), *self.orang.values())
        return sorted({nama for saluran in bagian for nama in saluran.apprise or ()})


def baca_aturan(teks: str) -> Aturan:
    """Read and check the document.

    :raises KonfigurasiTidakSah: naming every fault with its line and what is allowed.
    """
    bertanda = Bertanda(teks, CONTOH)
    if bertanda.isi is not None and not isinstance(bertanda.isi, dict):
        bertanda.salahkan((), "dokumen harus berisi kunci bawaan, unit, atau orang")
    isi = bertanda.isi if isinstance(bertanda.isi, dict) else {}
    for kunci in set(isi) - {"bawaan", "unit", "orang"}:
        pesan = f"kunci {kunci[:40]!r} tidak dikenal; yang boleh: bawaan, unit, orang"
        bertanda.salahkan((kunci,), pesan, di_kunci=True)
    bawaan = _saluran_dari(bertanda, ("bawaan",), isi["bawaan"]) if "bawaan" in isi else Saluran()
    unit = {
        kode: _saluran_dari(bertanda, ("unit", kode), pohon)
        for kode, pohon in _bagian(bertanda, isi, "unit").items()
        if _kode_sah(bertanda, kode)
    }
    orang: dict[str, Saluran] = {}
    for nama, pohon in _bagian(bertanda, isi, "orang").items():
        if samakan(nama) in orang:
            bertanda.salahkan(("orang", nama), f"orang {nama[:40]!r} disebut dua kali", di_kunci=True)
        orang[samakan(nama)] = _saluran_dari(bertanda, ("orang", nama), pohon)
    if bertanda.kesalahan:
        raise KonfigurasiTidakSah(bertanda.kesalahan, CONTOH)
    return Aturan(bawaan, unit, orang)


def _bagian(bertanda: Bertanda, isi: Mapping[str, Pohon], kunci: str) -> dict[str, Pohon]:
    nilai = isi.get(kunci, {})
    if isinstance(nilai, dict):
        return nilai
    bertanda.salahkan((kunci,), f"{kunci} harus berisi kunci dan salurannya, misalnya apprise: [telegram54110]")
    return {}


def _kode_sah(bertanda: Bertanda, kode: str) -> bool:
    try:
        periksa_unitup(kode)
    except MasukanTidakSah:
        bertanda.salahkan(("unit", kode), f"{kode[:40]!r} bukan kode unit: lima angka, misalnya 54110", di_kunci=True)
        return False
    return True


def _saluran_dari(bertanda: Bertanda, jalur: Jalur, isi: Pohon) -> Saluran:
    try:
        return Saluran.model_validate(isi)
    except ValidationError as galat:
        for satu in galat.errors(include_url=False):
            bertanda.salahkan((*jalur, *satu["loc"]), _pesan_salah(satu), di_kunci=satu["type"] == "extra_forbidden")
        return Saluran()


def _pesan_salah(galat: ErrorDetails) -> str:
    kunci: Any = galat["loc"][-1] if galat["loc"] else ""
    match galat["type"]:
        case "extra_forbidden":
            return f"kunci {str(kunci)[:40]!r} tidak dikenal; yang boleh: {', '.join(Saluran.model_fields)}"
        case "tuple_type":
            return f"{kunci} harus berupa daftar, misalnya [telegram54110]"
        case "model_type":
            return "di sini harus ada kunci dan nilainya, misalnya surel: true"
        case "pemberitahuan":
            return galat["msg"]
        case _:  # one of pydantic's own, in English
            return f"{kunci or 'nilai di sini'} tidak sah"
