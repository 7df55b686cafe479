"""All units' patterns of approval as one document: read as a whole or refused as a whole, every fault by its line.

:mod:`ap2t.domain.pola` holds the rules, :mod:`ap2t.domain.yaml_bertanda` the places. The canonical form
(:func:`kanonik`) is what the ledger keeps: every key written out, numbers and instants as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ap2t.domain.angka import kanonik as teks_angka
from ap2t.domain.kontrak import periksa_unitup
from ap2t.domain.pola import BAWAAN, Delegasi, PolaBawaan, PolaUnit
from ap2t.domain.yaml_bertanda import Bertanda, Jalur, Pohon
from ap2t.galat import KonfigurasiTidakSah, MasukanTidakSah

Zona = Callable[[str], str | None]
"""The zone (IANA) of a unit, where it is known."""
Model = TypeVar("Model", bound=BaseModel)
_PUNCAK = ("bawaan", "unit")


class Konfigurasi(NamedTuple):
    """All units' patterns. ``bawaan`` holds for the units that are not named."""

    bawaan: PolaBawaan
    unit: Mapping[str, PolaUnit]


class Naskah(NamedTuple):
    """A document that was read: what it says, and its places for faults that are found later."""

    konfigurasi: Konfigurasi
    bertanda: Bertanda

    def pastikan(self) -> None:
        """Refuse the document if a fault was added to it.

        :raises KonfigurasiTidakSah: with all of them.
        """
        if self.bertanda.kesalahan:
            raise KonfigurasiTidakSah(self.bertanda.kesalahan)


# ------------------------------------------------------------------------------------------------------- the reading


def baca(teks: str, zona: Zona = lambda _: None) -> Naskah:
    """Read and check a document.

    :raises KonfigurasiTidakSah: naming every fault with its line and what is allowed.
    """
    naskah = susun(teks, zona)
    naskah.pastikan()
    return naskah


def susun(teks: str, zona: Zona = lambda _: None) -> Naskah:
    """Read a document and collect its faults. Parts that have one are missing from what it says.

    :param zona: for times without an offset; asked of every well-formed unit code.
    """
    bertanda = Bertanda(teks)
    isi = bertanda.isi if isinstance(bertanda.isi, dict) else {}
    if bertanda.isi is not None:
        _periksa_puncak(bertanda)
    bawaan = _bagian(bertanda, ("bawaan",), isi["bawaan"], PolaBawaan, None) if "bawaan" in isi else None
    unit = isi.get("unit")
    pola = {kode: _unit(bertanda, kode, nilai, zona) for kode, nilai in unit.items()} if isinstance(unit, dict) else {}
    return Naskah(
        Konfigurasi(bawaan or BAWAAN, {kode: satu for kode, satu in pola.items() if satu is not None}), bertanda
    )


def _periksa_puncak(bertanda: Bertanda) -> None:
    isi = bertanda.isi
    if not isinstance(isi, dict):
        bertanda.salahkan((), "dokumen harus berisi kunci unit, dan boleh bawaan")
        return
    for kunci in set(isi) - set(_PUNCAK):
        bertanda.salahkan((kunci,), _kunci_asing(kunci, _PUNCAK), di_kunci=True)
    if not isinstance(isi.get("unit"), dict):
        bertanda.salahkan(("unit",), "unit wajib ada dan berisi kode unit dengan polanya", di_kunci=True)


def _unit(bertanda: Bertanda, kode: str, isi: Pohon, zona: Zona) -> PolaUnit | None:
    zona_unit = None
    try:
        zona_unit = zona(periksa_unitup(kode))
    except MasukanTidakSah:
        bertanda.salahkan(("unit", kode), f"{kode[:40]!r} bukan kode unit: lima angka, misalnya 54110", di_kunci=True)
    return _bagian(bertanda, ("unit", kode), isi, PolaUnit, zona_unit)


def _bagian(bertanda: Bertanda, jalur: Jalur, isi: Pohon, jenis: type[Model], zona: str | None) -> Model | None:
    try:
        return jenis.model_validate(isi, context={"zona": zona})
    except ValidationError as tidak_sah:
        for galat in tidak_sah.errors(include_url=False):
            di_kunci = galat["type"] in ("extra_forbidden", "missing")
            for lebih in galat.get("ctx", {}).get("letak", [None]):
                tempat = (*jalur, *galat["loc"], *(() if lebih is None else (lebih,)))
                bertanda.salahkan(tempat, _pesan(galat, jenis), di_kunci=di_kunci)
        return None


def _pesan(galat: ErrorDetails, jenis: type[BaseModel]) -> str:
    kunci = str(galat["loc"][-1]) if galat["loc"] else ""
    match galat["type"]:
        case "extra_forbidden":
            return _kunci_asing(kunci, tuple((Delegasi if "delegasi" in galat["loc"][:-1] else jenis).model_fields))
        case "missing":
            return f"kunci {kunci} wajib diisi"
        case "tuple_type":
            return f"{kunci} harus berupa daftar"
        case "model_type":
            return "di sini harus ada kunci dan nilainya, misalnya kesiapan: LENGKAP"
        case "pola":
            return galat["msg"]
        case _:  # one of pydantic's own, in English
            return f"{kunci or 'nilai di sini'} tidak sah"


def _kunci_asing(kunci: str, boleh: tuple[str, ...]) -> str:
    return f"kunci {kunci[:40]!r} tidak dikenal; yang boleh: {', '.join(boleh)}"


# ------------------------------------------------------------------------------------------------- its canonical form


def kanonik(konfigurasi: Konfigurasi) -> dict[str, Any]:
    """Return the form the ledger keeps: two documents that mean the same give the same."""
    return {
        "bawaan": isi_pola(konfigurasi.bawaan),
        "unit": {kode: isi_pola(pola) for kode, pola in sorted(konfigurasi.unit.items())},
    }


def isi_pola(pola: PolaBawaan) -> dict[str, Any]:
    """Return one pattern in canonical form."""
    isi: dict[str, Any] = {nama: _polos(nilai) for nama, nilai in pola if nama != "delegasi"}
    for nama, bawaan in _BAWAAN.items():  # what is not asked is not written: a form of before stays the same
        if isi[nama] == bawaan:
            del isi[nama]
    isi["eskalasi"] = sorted(pola.eskalasi)
    if isinstance(pola, PolaUnit):
        semua = [{nama: _polos(nilai) for nama, nilai in delegasi} for delegasi in pola.delegasi]
        isi["delegasi"] = sorted(semua, key=lambda delegasi: (delegasi["kepada"], delegasi["dari"]))
    return isi


_BAWAAN: Mapping[str, str | list[str] | None] = {
    **{nama: str(isi.default) for nama, isi in PolaBawaan.model_fields.items() if isinstance(isi.default, str | int)},
    "batas_pengembalian_hari": None,
    **{nama: list(getattr(BAWAAN, nama)) for nama in ("hasil_pemeriksaan", "tindak_lanjut")},
}
"""What a pattern does not say where it is as it always was."""


def _polos(nilai: Any) -> Any:
    if isinstance(nilai, Decimal):
        return teks_angka(nilai)
    if isinstance(nilai, int) and not isinstance(nilai, bool):
        return str(nilai)
    if isinstance(nilai, tuple):
        return list(nilai)
    return nilai.isoformat() if isinstance(nilai, datetime) else nilai


def dari_kanonik(isi: Mapping[str, Any]) -> Konfigurasi:
    """Return what a canonical form says (it was checked when it was made)."""
    unit = {kode: PolaUnit.model_validate(pola) for kode, pola in isi["unit"].items()}
    return Konfigurasi(PolaBawaan.model_validate(isi["bawaan"]), unit)


def tulis(isi: Mapping[str, Any]) -> str:
    """Write a canonical form as a YAML document, without the keys that say nothing."""
    unit = {kode: _isi_saja(pola) for kode, pola in sorted(isi["unit"].items())}
    return _yaml({"bawaan": _isi_saja(isi["bawaan"]), "unit": unit})


def tulis_pola(pola: Mapping[str, Any]) -> str:
    """Write one pattern in canonical form as YAML."""
    return _yaml(_isi_saja(pola))


def _yaml(isi: Mapping[str, Any]) -> str:
    return str(yaml.safe_dump(isi, sort_keys=False, allow_unicode=True, width=100))


def _isi_saja(pola: Mapping[str, Any]) -> dict[str, Any]:
    return {nama: pola[nama] for nama in PolaUnit.model_fields if nama in pola and pola[nama] not in (None, [])}


def beda(lama: Mapping[str, Any] | None, baru: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what changes from one canonical form to the next, by unit (and ``bawaan``): each key with both values.

    A unit that only one of them names has None on the other side.
    """
    lama = lama or {"bawaan": isi_pola(BAWAAN), "unit": {}}
    dulu = {"bawaan": lama["bawaan"], **lama["unit"]}
    kini = {"bawaan": baru["bawaan"], **baru["unit"]}
    hasil: dict[str, dict[str, Any]] = {}
    for kode in sorted(set(dulu) | set(kini)):
        dari, menjadi = dulu.get(kode), kini.get(kode)
        if dari is None or menjadi is None:
            hasil[kode] = {"dari": dari, "menjadi": menjadi}
        elif dari != menjadi:
            lengkap = [{**_BAWAAN, **satu} for satu in (dari, menjadi)]
            kunci = [nama for nama in lengkap[1] if lengkap[0].get(nama) != lengkap[1][nama]]
            hasil[kode] = {
                "dari": {nama: lengkap[0].get(nama) for nama in kunci},
                "menjadi": {nama: lengkap[1][nama] for nama in kunci},
            }
    return hasil
