"""What the documents name exists, what cites them finds its target, and what is made from the code is up to date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ap2t.domain.kaidah.tahan import Alasan
from ap2t.domain.kaidah.tanda import Dlpd
from ap2t.domain.status import Status
from ap2t.ledger import sesi
from sandbox import dokumen

AKAR = dokumen.AKAR
DOKUMEN = sorted([*AKAR.glob("*.md"), *(AKAR / "docs").rglob("*.md")])
MENGUTIP = ("plugins", "include", "dags", "tests", "docs", "deploy", ".ci")
"""Folders whose citations are checked."""
TEKS = {".py", ".sql", ".js", ".md", ".yaml", ".html", ".css", ".toml", ""}

_PAGAR_KODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_KODE = re.compile(r"`([^`\n]+)`")
_TAUTAN = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")
_JALUR = re.compile(r"[\w.-]+(/[\w.*-]+)+/?")


@cache
def isi(berkas: Path) -> str:
    """Return a file's text."""
    return berkas.read_text(encoding="utf-8")


@cache
def judul(berkas: Path) -> tuple[str, ...]:
    """Return a document's headings."""
    return tuple(re.findall(r"^#{1,6} +(.+?) *$", _PAGAR_KODE.sub("", isi(berkas)), re.MULTILINE))


def nama(berkas: Path) -> str:
    """Return a file's path from the root."""
    return str(berkas.relative_to(AKAR))


def ada(jalur: str) -> bool:
    """Tell whether a path exists: from the root, or in short from the product's folder or from include/."""
    jalur = jalur.rstrip("/")
    semua = (AKAR, AKAR / "plugins/ap2t", AKAR / "include")
    return any([*pangkal.glob(bentuk)] for pangkal in semua for bentuk in (jalur, f"{jalur}.py"))


def jalur_disebut(berkas: Path) -> Iterator[str]:
    """Yield what a document names in backticks that is a path of this repository."""
    folder = {p.name for pangkal in (AKAR, AKAR / "plugins/ap2t") for p in pangkal.iterdir() if p.is_dir()}
    for kode in _KODE.findall(_PAGAR_KODE.sub("", isi(berkas))):
        pendek = re.fullmatch(r"[A-Z]\w+\.md|Makefile", kode)
        if pendek or (_JALUR.fullmatch(kode) and kode.split("/")[0] in folder and "NNNN" not in kode):
            yield kode


@pytest.mark.parametrize("berkas", DOKUMEN, ids=nama)
def test_paths_exist(berkas: Path) -> None:
    """A path in backticks is a file or a folder that is there."""
    hilang = [jalur for jalur in jalur_disebut(berkas) if not ada(jalur)]
    assert not hilang, hilang


@pytest.mark.parametrize("berkas", DOKUMEN, ids=nama)
def test_names_exist(berkas: Path) -> None:
    """What stands in brackets behind a file, as in `proses/rekap.py` (`teks_rekap`), is in that file."""
    hilang = []
    for jalur, sebutan in re.findall(r"`([\w/]+\.(?:py|sql|js))` \((`[^)]*`)\)", isi(berkas)):
        calon = [pangkal / jalur for pangkal in (AKAR, AKAR / "plugins/ap2t") if (pangkal / jalur).is_file()]
        teks = "".join(map(isi, calon))
        hilang += [
            (jalur, satu) for satu in re.findall(r"`(\w+)`", sebutan) if calon and not re.search(rf"\b{satu}\b", teks)
        ]
    assert hilang == []


def jangkar(berkas: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    return {re.sub(r"[^\w\- ]", "", baris.lower()).replace(" ", "-") for baris in judul(berkas)}


@pytest.mark.parametrize("berkas", DOKUMEN, ids=nama)
def test_links_resolve(berkas: Path) -> None:
    """A relative link leads to a file, and its anchor to a heading of it."""
    putus = []
    for tautan in _TAUTAN.findall(_KODE.sub("", _PAGAR_KODE.sub("", isi(berkas)))):
        jalur, _, titik = tautan.partition("#")
        tujuan = (berkas.parent / jalur).resolve() if jalur else berkas
        if not tujuan.exists() or (titik and titik not in jangkar(tujuan)):
            putus.append(tautan)
    assert not putus, putus


# ----------------------------------------------------------------------------------------------------- citations

_ANGKA = r"\d+(?:(?:, and |, | and | to )\d+)*"
_INVARIAN = re.compile(rf"\b[Ii]nvariants? ({_ANGKA})")
_SOP = re.compile(rf"\bSOP 12\.1, (rule|purpose|step)s? ({_ANGKA})")
_SOP_LAIN = re.compile(r"\bSOP(?: 12\.1)? (?:rule|purpose|step)|\bSOP 12\.1\.\w|(?<!SOP 12\.1, )\b[Pp]urposes? \d")
_KEPUTUSAN = re.compile(rf"\b[Dd]ecisions? ({_ANGKA})")
_BERKAS = re.compile(r"(?<![\w/.-])docs/[\w./-]*\w")
_BAGIAN = re.compile(r"([\w./-]+\.md)\)?`{0,2},? (?:part|bagian) (\d+)")


def rapat(teks: str) -> str:
    """Return a text on one line, without the signs that begin lines of a comment."""
    return re.sub(r"\s*\n\s*(?:#|--|//|\*)?\s*", " ", teks)


def angka(disebut: str) -> Iterator[int]:
    """Yield the numbers of a citation, stretches filled: ``1, 3 to 5``."""
    for awal, akhir in re.findall(r"(\d+)(?: to (\d+))?", disebut):
        yield from range(int(awal), int(akhir or awal) + 1)


def yang_mengutip() -> Iterator[Path]:
    """Yield every file that may cite a document."""
    for pangkal in MENGUTIP:
        for berkas in sorted((AKAR / pangkal).rglob("*")):
            asing = {"pustaka", "__pycache__"} & set(berkas.parts)
            if berkas.is_file() and berkas.suffix in TEKS and not asing and berkas != Path(__file__):
                yield berkas
    yield from AKAR.glob("*.md")


def tanpa_tujuan(teks: str, letak: Path) -> Iterator[str]:
    """Yield each citation of a text that leads nowhere, or is written in another form."""
    tujuan = {baris.split(" — ")[0] for baris in judul(AKAR / "docs/aturan.md")}
    disebut = [f"Invariant {n}" for semua in _INVARIAN.findall(teks) for n in angka(semua)]
    disebut += [f"SOP 12.1, {apa} {n}" for apa, semua in _SOP.findall(teks) for n in angka(semua)]
    yield from (kutipan for kutipan in disebut if kutipan not in tujuan)
    yield from _SOP_LAIN.findall(teks)
    keputusan = [n for semua in _KEPUTUSAN.findall(teks) for n in angka(semua)]
    yield from (f"decision {n}" for n in keputusan if not [*AKAR.glob(f"docs/keputusan/{n:04}-*.md")])
    yield from (berkas for berkas in _BERKAS.findall(teks) if not (AKAR / berkas).exists())
    for kutipan in _BAGIAN.finditer(teks):
        dokumen_itu = [d for d in (AKAR / kutipan[1], letak.parent / kutipan[1]) if d.exists()]
        if not any(re.match(rf"{kutipan[2]}\b", baris) for d in dokumen_itu[:1] for baris in judul(d.resolve())):
            yield kutipan[0]


def test_citations_resolve() -> None:
    """Whatever code, statements, tests and documents cite has its heading, its part or its file."""
    putus = {
        nama(berkas): kutipan for berkas in yang_mengutip() if (kutipan := [*tanpa_tujuan(rapat(isi(berkas)), berkas)])
    }
    assert not putus, putus


@pytest.mark.parametrize(
    ("teks", "salah"),
    [
        ("invariants 1, 3 to 5 and 7", []),
        ("invariant 8", ["Invariant 8"]),
        ("SOP 12.1, rules 1 and 4, invariant 2", []),
        ("SOP 12.1, purpose 9", ["SOP 12.1, purpose 9"]),
        ("SOP 12.1 rule 4", ["SOP 12.1 rule"]),
        ("SOP step 7", ["SOP step"]),
        ("SOP 12.1.D", ["SOP 12.1.D"]),
        ("Purpose 5: cancelled", ["Purpose 5"]),
        ("decisions 1 and 9999", ["decision 9999"]),
        ("docs/tidak-ada.md", ["docs/tidak-ada.md"]),
        ("istilah.md, part 9", ["istilah.md, part 9"]),
    ],
)
def test_citations_are_read_as_meant(teks: str, salah: list[str]) -> None:
    """The forms that are checked are those that are written."""
    assert [*tanpa_tujuan(teks, AKAR / "docs/alur.md")] == salah


# ------------------------------------------------------------------------------------------- made from the code


def test_generated_parts_are_up_to_date() -> None:
    """What the documents say of rules and settings is what the code says: ``make dokumen``."""
    for berkas, baru in dokumen.susun().items():
        assert isi(berkas) == baru, f"{nama(berkas)}: run make dokumen"


def test_every_reason_and_flag_has_its_rule() -> None:
    """Each member of the enums says its exact rule, in sentences."""
    for jenis in (Alasan, Dlpd):
        kalimat = dokumen.penjelasan(jenis)
        assert [*kalimat] == [kode.name for kode in jenis]
        assert all(k.endswith(".") for k in kalimat.values())


def kata() -> list[str]:
    """Return the words of docs/istilah.md in their order, without marks."""
    baris = re.findall(r"^\| ([^|]+) \|", isi(AKAR / "docs/istilah.md"), re.MULTILINE)[1:]
    return [b.replace("`", "") for b in baris]


def tabel_buku() -> set[str]:
    """Return the ledger's tables and views, by its migrations."""
    skema = "".join(isi(b) for b in (AKAR / "include/sql/ledger/skema").glob("*.sql"))
    dibuat = re.findall(r"^CREATE (?:OR REPLACE )?(?:TABLE|VIEW) pengesahan\.(\w+)", skema, re.MULTILINE)
    return set(dibuat) - set(re.findall(r"^DROP (?:TABLE|VIEW) pengesahan\.(\w+)", skema, re.MULTILINE))


def test_words_are_complete_and_in_order() -> None:
    """Every stage, status and table of the ledger has its line; in the alphabet's order, once each."""
    semua = kata()
    assert semua == sorted(semua, key=lambda k: (k.casefold(), k))
    assert len(semua) == len(set(semua))
    ada_di_sini = {satu for baris in semua for satu in baris.split(", ")}
    perlu = {*map(str, Status), *sesi.STATUS, *sesi.TAHAP, *tabel_buku()}
    assert perlu - ada_di_sini == set()


def test_few_files_suffice() -> None:
    """docs/alur.md names at most fifteen files to read, and README stays a page."""
    bagian = isi(AKAR / "docs/alur.md").split("## Fifteen files")[1].split("\n## ")[0]
    berkas = re.findall(r"^\| `([^`]+)` \|", bagian, re.MULTILINE)
    assert 10 <= len(berkas) <= 15
    assert len(isi(AKAR / "README.md").split()) <= 700
