"""The house's own figures: names, sentences and rooms stay as a newcomer can read them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

AKAR = Path(__file__).parents[2]
NAMA_SINGKAT_MAKS = 0
"""Share of the uses of a name that may be of one letter."""
PARAMETER_SINGKAT_MAKS = 0
TITIK_KOMA_MAKS = 0.01
"""Share of docstrings whose first sentence may hold a semicolon."""
BERKAS_PYTHON_MAKS = 17
BERKAS_SQL_MAKS = 30
NAMA_SAMA_MAKS = 6
"""Functions that may share one bare name."""
Fungsi = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def pohon() -> dict[Path, ast.Module]:
    """Return every module of the product."""
    return {berkas: ast.parse(berkas.read_text(encoding="utf-8")) for berkas in (AKAR / "plugins").rglob("*.py")}


def simpul() -> Iterator[ast.AST]:
    """Go through all of the product."""
    for modul in pohon().values():
        yield from ast.walk(modul)


def fungsi() -> list[Fungsi]:
    """Return every function and method."""
    return [satu for satu in simpul() if isinstance(satu, Fungsi)]


def bagian(jumlah: int, dari: int, maks: float) -> str:
    """Say how much of something there is; empty: not too much."""
    return "" if jumlah <= maks * dari else f"{jumlah} of {dari} ({jumlah / dari:.1%}); at most {maks:.1%}"


def satu_huruf(nama: str) -> bool:
    """Tell whether a name is one letter."""
    return len(nama.strip("_")) == 1


def test_nama_satu_huruf() -> None:
    """A name says what its value is."""
    nama = [satu.id for satu in simpul() if isinstance(satu, ast.Name)]
    assert bagian(sum(map(satu_huruf, nama)), len(nama), NAMA_SINGKAT_MAKS) == ""


def test_parameter_satu_huruf() -> None:
    """A parameter says what it takes."""
    parameter = [satu.arg for satu in simpul() if isinstance(satu, ast.arg)]
    assert bagian(sum(map(satu_huruf, parameter)), len(parameter), PARAMETER_SINGKAT_MAKS) == ""


def test_kalimat_pertama() -> None:
    """A docstring opens with one thought."""
    pertama = [
        docstring.split("\n\n")[0].replace("\n", " ").split(". ")[0]
        for satu in simpul()
        if isinstance(satu, ast.Module | ast.ClassDef | Fungsi) and (docstring := ast.get_docstring(satu))
    ]
    assert bagian(sum(";" in kalimat for kalimat in pertama), len(pertama), TITIK_KOMA_MAKS) == ""


@pytest.mark.parametrize(
    ("akar", "akhiran", "maks"), [("plugins", "py", BERKAS_PYTHON_MAKS), ("include/sql", "sql", BERKAS_SQL_MAKS)]
)
def test_folder_tidak_penuh(akar: str, akhiran: str, maks: int) -> None:
    """A folder can be taken in at one look."""
    jumlah = Counter(berkas.parent for berkas in (AKAR / akar).rglob(f"*.{akhiran}"))
    assert {str(folder.relative_to(AKAR)): banyak for folder, banyak in jumlah.items() if banyak > maks} == {}


def test_nama_fungsi_tidak_sama() -> None:
    """No bare name stands for many functions."""
    jumlah = Counter(satu.name for satu in fungsi() if not satu.name.startswith("__"))
    banyak = {nama: kali for nama, kali in jumlah.items() if kali > NAMA_SAMA_MAKS}
    assert banyak == {}


def test_tidak_menutupi_diri_sendiri() -> None:
    """A comprehension does not give one of its values the name of what it goes through."""
    salah = [
        f"{berkas.relative_to(AKAR)}:{satu.iter.lineno}"
        for berkas, modul in pohon().items()
        for satu in ast.walk(modul)
        if isinstance(satu, ast.comprehension) and isinstance(satu.iter, ast.Name)
        if satu.iter.id in {nama.id for nama in ast.walk(satu.target) if isinstance(nama, ast.Name)}
    ]
    assert salah == []
