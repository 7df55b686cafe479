"""A test that fails at a command's exit code says what the command said: everywhere, without a word of its own."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.perintah import keluar

UJI = Path(__file__).parents[1]
KODE = {"returncode", "exit_code"}


def test_yang_dikatakan_perintah_tampak() -> None:
    """Both streams of a process, and of a command called in this one also the error it left by."""
    program = "import sys; print('sudah'); sys.exit('1 temuan')"
    hasil = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert keluar(hasil, 1) is hasil
    with pytest.raises(pytest.fail.Exception, match=r"(?s)keluar 1, seharusnya 0.*sudah.*1 temuan"):
        keluar(hasil)
    app = typer.Typer()

    @app.command()
    def rusak() -> None:
        print("sampai sini")
        raise KeyError("kolom")

    with pytest.raises(pytest.fail.Exception, match=r"(?s)sampai sini.*rusak.*KeyError: 'kolom'"):
        keluar(CliRunner().invoke(app, []))


def test_kode_keluar_hanya_lewat_satu_pintu() -> None:
    """No bare assert on an exit code, no ``check=True``: both hide what was said."""
    diam = [
        f"{berkas.relative_to(UJI)}:{n.lineno}"
        for berkas in UJI.rglob("*.py")
        if berkas.name != "perintah.py" and "benchmarks" not in berkas.parts
        for n in ast.walk(ast.parse(berkas.read_text()))
        if (isinstance(n, ast.Assert) and any(_kode(m) for m in ast.walk(n))) or _diperiksa_sendiri(n)
    ]
    assert diam == []


def _kode(n: ast.AST) -> bool:
    return isinstance(n, ast.Attribute) and n.attr in KODE


def _diperiksa_sendiri(n: ast.AST) -> bool:
    return isinstance(n, ast.keyword) and n.arg == "check" and isinstance(n.value, ast.Constant) and bool(n.value.value)
