"""The codes stand in the enums alone: no module spells one, and SQL and the page spell no other."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from ap2t.domain import kode, model, status, stempel
from ap2t.domain.kaidah import tahan, tanda
from ap2t.pemberitahuan.aturan import Kabar

AKAR = Path(__file__).parents[2]
PRODUK = AKAR / "plugins" / "ap2t"


def _kode(*modul: object) -> set[str]:
    return {
        str(anggota)
        for satu in modul
        for isi in vars(satu).values()
        if inspect.isclass(isi) and issubclass(isi, StrEnum) and isi is not StrEnum
        for anggota in isi
    }


TERLARANG = {satu for satu in _kode(kode) if satu.isupper()} - set(kode.Riwayat) | set(kode.JenisJejak)
BIAR = {
    "audit/": {"DILUAR_SISTEM", "PEMBATALAN"},  # names of checks
    "jadwal/tengok.py": {"MENUNGGU"},  # what a look at one kelompok came to
    "proses/rekonsiliasi.py": {"COCOK"},  # what an entry REKONSILIASI says of itself
    "audit/kalimat_jejak.py": {"COCOK"},
    "teks_copy.py": {"NIHIL"},
    "pemberitahuan/aturan.py": set(Kabar),
    "web/masalah.py": {"TIDAK_ADA"},  # a code of the page's errors
    "web/rute/": {"PENGESAHAN", "PEMBATALAN"},  # Literal: FastAPI's choices
}
"""Words that are spelled like a code and are none, by where they stand."""
BAGIAN = sorted(p.name for p in PRODUK.iterdir() if p.suffix == ".py" or any(p.glob("*.py")))


def _tertulis(naskah: str) -> Iterator[str]:
    """Return the texts of a module that are neither documentation nor an enum's own."""
    pohon = ast.parse(naskah)
    lewati = {id(simpul.value) for simpul in ast.walk(pohon) if isinstance(simpul, ast.Expr)}
    for simpul in ast.walk(pohon):
        if isinstance(simpul, ast.ClassDef) and any(
            getattr(dasar, "id", "") in ("StrEnum", "Berkata", "Kaidah") for dasar in simpul.bases
        ):
            lewati |= {id(dalam) for dalam in ast.walk(simpul)}
    for simpul in ast.walk(pohon):
        if isinstance(simpul, ast.Constant) and isinstance(simpul.value, str) and id(simpul) not in lewati:
            yield simpul.value


@pytest.mark.parametrize("bagian", BAGIAN)
def test_tidak_ada_kode_telanjang(bagian: str) -> None:
    """No trail kind, stage, status or other code of the ledger stands in Python but as a member of its enum."""
    salah = []
    for berkas in sorted((PRODUK / bagian).rglob("*.py")) or [PRODUK / bagian]:
        nama = berkas.relative_to(PRODUK).as_posix()
        if nama == "domain/kode.py":
            continue
        boleh = {satu for awal, isi in BIAR.items() if nama.startswith(awal) for satu in isi}
        salah += [f"{nama}: {isi}" for isi in _tertulis(berkas.read_text(encoding="utf-8")) if isi in TERLARANG - boleh]
    assert salah == []


SQL_SENDIRI = {
    *("AP001", "AP002", "UTF8", "UTC", "YYYYMM", "PUBLIC", "INSERT", "UPDATE", "LUAR_"),
    "TERBUKA",  # what a statement calls a session whose end lies behind the moment asked for
}
"""What SQL writes in capitals that is no code of ours."""


def _sql() -> Iterator[tuple[str, str]]:
    for berkas in sorted((AKAR / "include" / "sql" / "ledger").rglob("*.sql")):
        naskah = re.sub(r"--.*", "", berkas.read_text(encoding="utf-8"))
        for teks in re.findall(r"'([^'\n]*)'", naskah):
            for satu in teks.strip("{}").split(","):
                yield berkas.name, satu


def test_sql_mengenal_kode_yang_sama() -> None:
    """Whatever SQL compares with is a member of an enum: a kind, stage or status that is misspelled matches nothing."""
    ada = {*_kode(kode, model, status, stempel, tahan, tanda), *Kabar, *SQL_SENDIRI}
    gabungan = {f"{satu} {tahap}" for satu in ("KESIAPAN",) for tahap in (*kode.Tahap, "FUNGSI2_TERBUKA")}
    awalan = tuple(f"{satu}_" for satu in ("PENGEMBALIAN", "BATCH", "SESI", "DILUAR_SISTEM"))
    salah = {
        f"{nama}: {satu}"
        for nama, satu in _sql()
        if re.fullmatch(r"[A-Z][A-Z0-9_]{2,}( [A-Z0-9_]+)?", satu) and satu not in {*ada, *gabungan, *awalan}
    }
    assert salah == set()


def test_halaman_mengenal_kode_yang_sama() -> None:
    """Whatever the page compares a code with is a member of an enum."""
    ada = _kode(kode, model, status, stempel, tahan, tanda)
    salah = {
        f"{berkas.name}: {satu}"
        for berkas in sorted((PRODUK / "web" / "statis" / "js").rglob("*.js"))
        for satu in re.findall(r'[=!]== "([A-Z][A-Z0-9_]{2,})"', berkas.read_text(encoding="utf-8"))
        if satu not in ada
    }
    assert salah == set()
