"""Decisions keep their form, and every setting is declared. What documents cite is looked at by ``test_kutipan.py``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ap2t import setelan
from sandbox import setelan as setelan_stack
from sandbox.dokumen import AKAR

FOLDER = ("docs", "plugins", "include", "dags", "deploy", "tests", ".ci")
KEPUTUSAN = sorted((AKAR / "docs" / "keputusan").glob("[0-9]*.md"))
BAGIAN = ("**Context.** ", "**Decision.** ", "**Consequences.** ", "**A change violates this when** ")
BUKAN_SETELAN = ("AP2T_BUDI", "AP2T_DEFAULT", "AP2T_SPV", "AP2T_X")  # ids of connections


def naskah(*akhiran: str) -> dict[str, str]:
    """Return the repository's text files that end so, by name."""
    semua = [*AKAR.glob("*.*"), *(b for folder in FOLDER for b in (AKAR / folder).rglob("*"))]
    return {str(b.relative_to(AKAR)): b.read_text() for b in semua if b.is_file() and b.name.endswith(akhiran)}


@pytest.mark.parametrize("berkas", KEPUTUSAN, ids=lambda b: b.name[:4])
def test_bentuk_keputusan(berkas: Path) -> None:
    """A decision: its number, its status, four parts in order; and a line in the index."""
    isi = berkas.read_text()
    kepala, status, *_ = [b for b in isi.splitlines() if b]
    assert kepala.startswith(f"# {int(berkas.name[:4])}. ")
    assert re.fullmatch(r"Status: (accepted|superseded by \d+)", status)
    tempat = [isi.index(f"\n{b}") for b in BAGIAN]
    assert tempat == sorted(tempat)
    assert f"- [{kepala[2:]}]({berkas.name})" in (berkas.parent / "README.md").read_text().splitlines()


def test_nomor_keputusan() -> None:
    """Numbers are given once and without a gap."""
    assert [int(b.name[:4]) for b in KEPUTUSAN] == list(range(1, len(KEPUTUSAN) + 1))


def test_tiap_setelan_dinyatakan() -> None:
    """Every ``AP2T_…`` that anything names is declared with its row in the table; only declarations read it."""
    semua_nama = (*vars(setelan).values(), *vars(setelan_stack).values())
    nyata = {s.nama for s in semua_nama if isinstance(s, setelan.Setelan)}
    semua = naskah(".py", ".sql", ".js", ".md", ".yaml", "rahasia", "file")
    nama = re.compile(r"(?<![A-Z_])AP2T_[A-Z][A-Z_]*[A-Z](?![\w<])")
    disebut = {n: b for b, isi in semua.items() for n in nama.findall(isi)}
    assert {n: b for n, b in disebut.items() if n not in nyata and not n.startswith(BUKAN_SETELAN)} == {}
    kode = {b: isi for b, isi in semua.items() if b.startswith("plugins/")}
    assert [b for b, isi in kode.items() if re.search(r"environ[^\n]*AP2T_", isi)] == []
