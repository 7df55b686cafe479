"""Named statements: found by part and name, each used, each name there, nothing bound that stands in a comment."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ap2t import sql

AKAR = Path(__file__).resolve().parents[2]
BAGIAN = ("ledger", "acmt", "indeks", "postgres")
SANDBOX = AKAR / "include" / "sandbox"
BERPENUH = ("acmt", "indeks")
"""Parts whose callers always name the part as well: their names are common words."""
PEMANGGIL = {"jalankan", "alirkan", "pernyataan", "halaman", "semua_baris", "alir_baris", "satu_baris", "mungkin_baris"}
"""What runs a statement of the ledger by its name alone."""


@cache
def pohon() -> list[ast.AST]:
    """Return every node of the product and its sandbox."""
    berkas = (b for folder in ("plugins", "include", "dags") for b in sorted((AKAR / folder).rglob("*.py")))
    return [simpul for b in berkas for simpul in ast.walk(ast.parse(b.read_text()))]


@cache
def tetapan() -> frozenset[str]:
    """Return every string that stands in the code."""
    return frozenset(s.value for s in pohon() if isinstance(s, ast.Constant) and isinstance(s.value, str))


@cache
def pola() -> list[re.Pattern[str]]:
    """Return f-strings that name a statement by part and the beginning of its name."""
    teks = (
        "".join(re.escape(str(b.value)) if isinstance(b, ast.Constant) else r"\w+" for b in s.values)
        for s in pohon()
        if isinstance(s, ast.JoinedStr)
    )
    return [re.compile(t) for t in teks if re.match(rf"({'|'.join(BAGIAN)})/(skema/)?\w+_", t)]


def terpakai(bagian: str, nama: str) -> bool:
    """Tell whether the code names a statement."""
    penuh = f"{bagian}/{nama}"
    return (
        penuh in tetapan() or (bagian not in BERPENUH and nama in tetapan()) or any(p.fullmatch(penuh) for p in pola())
    )


def disebut() -> Iterator[str]:
    """Yield what the code asks for, part and name."""
    yield from (t for t in tetapan() if re.fullmatch(rf"({'|'.join(BAGIAN)})/[\w/]*[a-z0-9]", t))
    for s in pohon():
        if isinstance(s, ast.Call):
            fungsi = s.func.id if isinstance(s.func, ast.Name) else getattr(s.func, "attr", "")
            if fungsi in PEMANGGIL:
                nama = (a.value for a in s.args[:2] if isinstance(a, ast.Constant))
                yield from (f"ledger/{n}" for n in nama if isinstance(n, str) and re.fullmatch(r"\w+", n))


def test_setiap_pernyataan_dipakai() -> None:
    """A statement that nothing asks for is deleted, with what asked for it."""
    skema = sql.semua("ledger/skema")
    semua = [(b, n) for b in BAGIAN for n in sql.semua(b) if not (b == "ledger" and n in skema)]
    assert len(semua) > 200
    assert [f"{b}/{n}" for b, n in semua if not terpakai(b, n)] == []
    assert [n for n in skema if not terpakai("ledger/skema", n)] == []
    assert [n for n in sql.semua_di(SANDBOX, "acmt_demo") if n not in tetapan()] == []


def test_setiap_nama_ada() -> None:
    """Whatever the code asks for by name is there."""
    nama = set(disebut())
    assert len(nama) > 150
    for satu in nama:
        assert sql.muat(satu)


@pytest.mark.parametrize("bagian", [*BAGIAN, "acmt_demo"])
def test_komentar_tidak_mengikat(bagian: str) -> None:
    """SQLAlchemy binds ``:name`` in comments too: none has a colon directly before a word."""
    for nama, teks in sql.semua(bagian).items() or sql.semua_di(SANDBOX, bagian).items():
        assert not re.search(r"^[^']*--.*(?<!:):\w", teks, re.MULTILINE), nama


def test_di_depan_nama_pertama_hanya_komentar() -> None:
    """What stands before a file's first name belongs to no statement: it says what the file is, and nothing else."""
    for berkas in (*sorted(sql.akar().rglob("*.sql")), SANDBOX / "acmt_demo.sql"):
        awal, *sisa = re.split(r"^-- name: ", berkas.read_text(), flags=re.MULTILINE)
        assert not sisa or all(b.startswith("--") for b in awal.split("\n") if b), berkas
        assert "name:" not in "".join(sisa), berkas


def test_ditemukan_menurut_bagian_dan_nama(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a name line in any file of the part, or by the file's own name; ``AP2T_SQL_DIR`` names another folder."""
    assert "v_bacaan" in sql.muat("acmt/baca")
    (tmp_path / "satu.sql").write_text("-- Kepala.\n\n-- name: a\n-- lain\nSELECT 1\n\n-- name: b\nSELECT 2\n")
    (tmp_path / "satu" / "dalam").mkdir(parents=True)
    (tmp_path / "satu" / "dalam" / "c.sql").write_text("-- utuh\nSELECT 3\n")
    monkeypatch.setenv("AP2T_SQL_DIR", str(tmp_path))
    assert sql.semua("satu") == {"a": "-- lain\nSELECT 1", "b": "SELECT 2", "c": "-- utuh\nSELECT 3"}
    assert sql.muat("satu/c") == sql.muat("satu/dalam/c")
    for nama in ("acmt/baca", "satu/x", "satu"):
        with pytest.raises(FileNotFoundError, match=f"'{nama}' tidak ada di {re.escape(str(tmp_path))}"):
            sql.muat(nama)


def test_nama_ganda_ditolak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two statements of one name in a part: neither is taken, and the error names both places."""
    (tmp_path / "satu").mkdir()
    (tmp_path / "satu" / "x.sql").write_text("-- name: a\nSELECT 1\n")
    (tmp_path / "satu" / "y.sql").write_text("-- name: a\nSELECT 2\n")
    monkeypatch.setenv("AP2T_SQL_DIR", str(tmp_path))
    with pytest.raises(ValueError, match=r"'a' ada dua di .*satu"):
        sql.muat("satu/a")


def test_tidak_ada_folder_yang_penuh() -> None:
    """A folder of statements is read at a glance: at most thirty files."""
    for folder in (sql.akar(), *(f for f in sql.akar().rglob("*") if f.is_dir())):
        assert len(list(folder.glob("*.sql"))) <= 30, folder
