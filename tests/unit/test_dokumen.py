"""The documents hold together: links lead somewhere, decisions keep their form, citations have a target."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ap2t import setelan
from sandbox import dokumen
from sandbox import setelan as setelan_stack

AKAR = Path(__file__).resolve().parents[2]
FOLDER = ("docs", "plugins", "include", "dags", "deploy", "tests", ".ci")
KEPUTUSAN = sorted((AKAR / "docs" / "keputusan").glob("[0-9]*.md"))
BUKAN_SETELAN = ("AP2T_BUDI", "AP2T_DEFAULT", "AP2T_SPV", "AP2T_X")  # ids of connections
BAGIAN = ("**Context.** ", "**Decision.** ", "**Consequences.** ", "**A change violates this when** ")


def naskah(*akhiran: str) -> dict[str, str]:
    """Return the repository's text files that end so, by name."""
    semua = [*AKAR.glob("*.*"), *(b for folder in FOLDER for b in (AKAR / folder).rglob("*"))]
    return {str(b.relative_to(AKAR)): b.read_text() for b in semua if b.is_file() and b.name.endswith(akhiran)}


def judul(isi: str) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    return {re.sub(r"[^\w\- ]", "", j.lower()).replace(" ", "-") for j in re.findall(r"^#+ (.*)$", isi, re.MULTILINE)}


def test_tautan_menuju_sesuatu() -> None:
    """Every relative link of a document names a file that is there, and a heading of it."""
    putus = []
    for nama, isi in naskah(".md").items():
        for tautan in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", isi):
            berkas, _, bagian = tautan.partition("#")
            tujuan = (AKAR / nama).parent / berkas if berkas else AKAR / nama
            if not tujuan.exists() or (bagian and bagian not in judul(tujuan.read_text())):
                putus.append(f"{nama}: {tautan}")
    assert putus == []


def test_dokumen_yang_disebut_ada() -> None:
    """Whatever code, SQL, settings and documents call ``docs/…`` is there."""
    hilang = [
        f"{nama}: {sebut}"
        for nama, isi in naskah(".py", ".sql", ".js", ".md", ".toml", ".yaml", ".yml", "file", "rahasia", "run").items()
        for sebut in re.findall(r"(?<![\w/.-])docs/[\w./-]*\w", isi)
        if not (AKAR / sebut).exists()
    ]
    assert hilang == []


@pytest.mark.parametrize("berkas", KEPUTUSAN, ids=lambda b: b.name[:4])
def test_bentuk_keputusan(berkas: Path) -> None:
    """A decision: its number, its status, four parts in order; and a line in the index."""
    isi = berkas.read_text()
    nomor = int(berkas.name[:4])
    kepala, status, *_ = [b for b in isi.splitlines() if b]
    assert kepala.startswith(f"# {nomor}. ")
    assert re.fullmatch(r"Status: (accepted|superseded by \d+)", status)
    tempat = [isi.index(f"\n{b}") for b in BAGIAN]
    assert tempat == sorted(tempat)
    assert f"- [{kepala[2:]}]({berkas.name})" in (berkas.parent / "README.md").read_text().splitlines()


def test_keputusan_yang_disebut_ada() -> None:
    """Every ``decision N`` has its file, and numbers are given once and without a gap."""
    ada = [int(b.name[:4]) for b in KEPUTUSAN]
    assert ada == list(range(1, len(ada) + 1))
    disebut = {
        int(n)
        for isi in naskah(".py", ".sql", ".js", ".md", ".yaml").values()
        for kelompok in re.findall(r"\bdecisions? (\d+(?:(?:, | and )\d+)*)", isi)
        for n in re.findall(r"\d+", kelompok)
    }
    assert disebut <= set(ada), disebut - set(ada)


def test_bagian_yang_dibuat_sama_dengan_kode() -> None:
    """What ``make dokumen`` writes is what stands there: rules, flags, settings."""
    assert [str(b) for b, isi in dokumen.susun().items() if isi != b.read_text()] == []


def test_tiap_setelan_dinyatakan() -> None:
    """Every ``AP2T_…`` that anything names is declared with its row in the table; only declarations read it."""
    nyata = {
        s.nama for modul in (setelan, setelan_stack) for s in vars(modul).values() if isinstance(s, setelan.Setelan)
    }
    semua = naskah(".py", ".sql", ".js", ".md", ".yaml", "rahasia", "file")
    nama = re.compile(r"(?<![A-Z_])AP2T_[A-Z][A-Z_]*[A-Z](?![\w<])")
    disebut = {n: b for b, isi in semua.items() for n in nama.findall(isi)}
    assert {n: b for n, b in disebut.items() if n not in nyata and not n.startswith(BUKAN_SETELAN)} == {}
    kode = {b: isi for b, isi in semua.items() if b.startswith("plugins/")}
    assert [b for b, isi in kode.items() if re.search(r"environ[^\n]*AP2T_", isi)] == []
