"""Every code has its word, in one place; what the documents say is the same."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from ap2t.domain import kata, kode, model, status, stempel
from ap2t.domain.kaidah import tahan, tanda
from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd

AKAR = Path(__file__).parents[2]
KAMUS: dict[str, tuple[Mapping[str, str], Iterable[type[StrEnum]]]] = {
    "alasan": (
        kata.KATA_ALASAN,
        (Alasan, kode.SebabBerubah, kode.SebabBatal, kode.SebabStatus, kode.KodeAp2t),
    ),
    "dlpd": (kata.KATA_DLPD, [Dlpd]),
    "status": (kata.KATA_STATUS, [status.Status]),
    "tindak_lanjut": (kata.KATA_TINDAK_LANJUT, [status.TindakLanjut]),
    "jenis_sesi": (kata.KATA_JENIS_SESI, [kode.JenisSesi]),
    "status_sesi": (kata.KATA_STATUS_SESI, [kode.StatusSesi]),
    "tahap": (kata.KATA_TAHAP_SESI, [kode.TahapSesi]),
    "hasil": (kata.KATA_HASIL, [kode.StatusHasil]),
    "kejadian": (kata.KATA_KEJADIAN, [kode.JenisJejak]),
    "riwayat": (kata.KATA_RIWAYAT, [kode.Riwayat]),
    "kesiapan": (kata.KATA_KESIAPAN, [kode.Tahap]),
    "keputusan": (kata.KATA_KEPUTUSAN, [kode.Keputusan]),
    "stempel": (kata.KATA_STEMPEL, [stempel.AlasanStempel]),
    "sebab_jadwal": (kata.KATA_SEBAB_JADWAL, [kode.SebabJadwal]),
    "hasil_batal": (kata.KATA_HASIL_BATAL, [kode.HasilBatal]),
    "cara": (kata.KATA_CARA, [kode.CaraPengembalian]),
    "saran_batal": (kata.SARAN_BATAL, [kode.SebabBatal]),
}
"""Each dictionary with the enums whose members it has to have, and no others."""
TANPA_KATA = {
    *(
        model.Peran,
        model.HasilSaring,
        model.CaraBaca,
        model.Sikap,
        model.Pembulatan,
        status.Menurut,
        model.WajibDilihat,
    ),
    *(kode.BentukPola, kode.CakupanBatal, kode.KejadianLuar, kode.SaatLuar),
    *(kode.StatusBatch, kode.StatusPengembalian, kode.StatusPesan),
}
"""Enums whose members are shown as they are, or only counted."""
TEMPAT = {Path(str(modul.__file__)).resolve() for modul in (kata, kode, status, stempel, tahan, tanda)}
"""Where words are written: the codes' own modules, and the one that gathers them."""


def _enum(*modul: object) -> set[type[StrEnum]]:
    return {
        isi
        for isi in (nilai for satu in modul for nilai in vars(satu).values())
        if inspect.isclass(isi) and issubclass(isi, StrEnum) and list(isi)
    }


def test_tiap_enum_ada_kamusnya() -> None:
    """No enum is forgotten."""
    semua = {jenis for _, enum in KAMUS.values() for jenis in enum}
    assert _enum(kode, model, status, stempel, tahan, tanda) == semua | TANPA_KATA


@pytest.mark.parametrize("apa", KAMUS)
def test_tiap_kode_ada_katanya(apa: str) -> None:
    """Every member has a word; no two codes of a dictionary share one."""
    kamus, enum = KAMUS[apa]
    assert list(kamus) == list(dict.fromkeys(kamus))
    assert set(kamus) == {str(anggota) for jenis in enum for anggota in jenis}
    assert all(isi and isi == isi.strip() and not isi.endswith(".") for isi in kamus.values())
    assert len(set(kamus.values())) == len(kamus)


def test_kata_batal() -> None:
    """Whoever cannot be cancelled is told why and what follows; a code nobody knows stands for itself."""
    assert kata.kata_batal("BELUM_POSTING") == "belum disahkan: tidak ada yang perlu dibatalkan"
    assert kata.kata("KODE_BARU_AP2T") == "KODE_BARU_AP2T"
    assert kata.kata_batal("KODE_BARU_AP2T") == "kODE_BARU_AP2T"
    semua = {**kata.KATA_DLPD, **kata.KATA_ALASAN}
    assert {sebab: kata.kata(sebab) for sebab in semua} == semua


def test_halaman_dan_dokumen() -> None:
    """The page is given the dictionaries it shows."""
    halaman = kata.untuk_halaman()
    assert {apa: KAMUS[apa][0] for apa in halaman} == halaman


def _pasangan_py(naskah: str) -> Iterable[tuple[str, str]]:
    """Return what dictionaries say by a code: as text, or as a member of an enum."""
    for simpul in ast.walk(ast.parse(naskah)):
        if isinstance(simpul, ast.Dict):
            for kunci, nilai in zip(simpul.keys, simpul.values, strict=True):
                match kunci, nilai:
                    case ((ast.Constant(value=str(satu)) | ast.Attribute(attr=satu)), ast.Constant(value=str(isi))):
                        yield satu, isi


def _pasangan_js(naskah: str) -> Iterable[tuple[str, str]]:
    # a word, or a word with its tone; a list of words is no word for a code
    return re.findall(r'\b([A-Z][A-Z0-9_]+): (?:"|\["(?=[^"\n]*", "[a-z]+"\]))([^"\n]*)"', naskah)


@pytest.mark.parametrize("akhiran", ["py", "js"])
def test_tidak_ada_kata_tulisan_tangan(akhiran: str) -> None:
    """No other module says a code in words. What a step or an end means is said in sentences, which end with a stop."""
    semua = {str(anggota) for jenis in _enum(kode, model, status, stempel, tahan, tanda) for anggota in jenis}
    pasangan = _pasangan_py if akhiran == "py" else _pasangan_js
    salah = [
        f"{berkas.relative_to(AKAR)}: {satu}: {isi}"
        for berkas in sorted((AKAR / "plugins").rglob(f"*.{akhiran}"))
        if berkas != Path(kata.__file__).resolve() and "pustaka" not in berkas.parts
        for satu, isi in pasangan(berkas.read_text(encoding="utf-8"))
        if satu in semua and re.search("[a-z]", isi) and not isi.endswith(".") and not re.fullmatch("[a-z_]+", isi)
    ]
    assert salah == []


def test_tidak_ada_kata_panjang_tulisan_tangan() -> None:
    """A word of more than two parts is so plainly a code's that no other module of Python spells it."""
    panjang = {isi for kamus, _ in KAMUS.values() for isi in kamus.values() if isi.count(" ") >= 2}
    salah = [
        f"{berkas.relative_to(AKAR)}: {isi}"
        for berkas in sorted((AKAR / "plugins").rglob("*.py"))
        if berkas not in TEMPAT
        for isi in panjang
        if f'"{isi}"' in berkas.read_text(encoding="utf-8")
    ]
    assert salah == []
