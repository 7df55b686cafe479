"""Rows by name: what a statement of the ledger returns is what the NamedTuple that takes it asks for."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from proses_fixtures import PEMILIK, AlamatPg
from sqlalchemy.dialects.postgresql import asyncpg

from ap2t.ledger.jejak import Entri
from ap2t.ledger.mesin import pernyataan
from ap2t.ledger.sesi import Sesi

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
BERNAMA = {"semua_baris", "alir_baris", "satu_baris", "mungkin_baris", "halaman"}
"""Take a NamedTuple, and the name of a statement."""
WADAH: dict[str, Any] = {"_pindah": Sesi, "alir_entri": Entri}
"""Take the name of a statement whose rows are always these."""
PELAKSANA = {"jalankan", "alirkan"}


def fungsi(simpul: ast.AST) -> str:
    """Name what is called."""
    if not isinstance(simpul, ast.Call):
        return ""
    return simpul.func.id if isinstance(simpul.func, ast.Name) else getattr(simpul.func, "attr", "")


def teks(simpul: ast.AST) -> list[str]:
    """Return the first texts that are handed over by place."""
    tetap = (a.value for a in getattr(simpul, "args", [])[:2] if isinstance(a, ast.Constant))
    return [nilai for nilai in tetap if isinstance(nilai, str)]


def diisi(simpul: ast.AST) -> Iterator[str]:
    """Name the class that a call fills with a row: ``X._make(…)`` or ``X(**row._mapping)``."""
    for satu in ast.walk(simpul):
        if isinstance(satu, ast.Attribute) and satu.attr == "_make" and isinstance(satu.value, ast.Name):
            yield satu.value.id
        if isinstance(satu, ast.Call) and isinstance(satu.func, ast.Name):
            peta = (k.value for k in satu.keywords if k.arg is None)
            if any(isinstance(p, ast.Attribute) and p.attr == "_mapping" for p in peta):
                yield satu.func.id


def pasangan(berkas: Path) -> Iterator[tuple[Any, str]]:
    """Yield (NamedTuple, statement) wherever a file of the product has one fill the other."""

    def kelas(nama: str) -> Any:
        modul = importlib.import_module(".".join(berkas.relative_to(PLUGINS).with_suffix("").parts))
        return vars(modul).get(nama)

    for simpul in ast.walk(ast.parse(berkas.read_text())):
        if fungsi(simpul) in BERNAMA and (nama := teks(simpul)):
            bentuk = simpul.args[0]  # type: ignore[attr-defined]
            yield kelas(getattr(bentuk, "id", "")), nama[0]
        elif fungsi(simpul) in WADAH and (nama := teks(simpul)):
            yield WADAH[fungsi(simpul)], nama[0]
        elif isinstance(simpul, ast.Return | ast.Assign | ast.Expr):
            terisi = {*diisi(simpul)}
            dijalankan = [nama for satu in ast.walk(simpul) if fungsi(satu) in PELAKSANA for nama in teks(satu)]
            if len(terisi) == len(dijalankan) == 1:
                yield kelas(terisi.pop()), dijalankan[0]


def kolom(conn: psycopg.Connection[Any], nama: str) -> tuple[str, ...]:
    """Ask the server what columns a statement would return, without running it."""
    perintah = str(pernyataan(nama).compile(dialect=asyncpg.dialect()))
    siap = conn.pgconn.prepare(b"", perintah.encode())
    assert siap.error_message == b"", (nama, siap.error_message)
    hasil = conn.pgconn.describe_prepared(b"")
    return tuple((hasil.fname(i) or b"").decode() for i in range(hasil.nfields))


def test_kolom_adalah_isian(alamat_pg: AlamatPg) -> None:
    """Every statement that fills a NamedTuple returns exactly its fields, each once."""
    semua = {p for b in sorted(PLUGINS.rglob("ap2t/**/*.py")) if "migrasi" not in b.parts for p in pasangan(b)}
    bernama = {(bentuk, nama) for bentuk, nama in semua if hasattr(bentuk, "_fields")}
    assert len(bernama) >= 40
    with psycopg.connect(alamat_pg.sebagai(alamat_pg.buku, PEMILIK), autocommit=True) as conn:
        beda = {
            (bentuk.__name__, nama): (bentuk._fields, kolom(conn, nama))
            for bentuk, nama in bernama
            if sorted(kolom(conn, nama)) != sorted(bentuk._fields)
        }
    assert beda == {}
