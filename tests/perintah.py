"""How a command that a test ran must have ended; where it ended otherwise, the failure says what it said."""

from __future__ import annotations

import traceback
from subprocess import CompletedProcess
from typing import TypeVar

import pytest
from typer.testing import Result

Hasil = TypeVar("Hasil", "CompletedProcess[str]", "CompletedProcess[bytes]", Result)


def keluar(hasil: Hasil, kode: int = 0) -> Hasil:
    """Return what a command left, or fail with all it wrote where its exit code is another.

    :param hasil: of ``subprocess.run`` or of a ``CliRunner``. :param kode: the exit code it must have.
    """
    __tracebackhide__ = True
    nyata = hasil.exit_code if isinstance(hasil, Result) else hasil.returncode
    if nyata != kode:
        pytest.fail(f"keluar {nyata}, seharusnya {kode}\n{_kata(hasil)}")
    return hasil


def _kata(hasil: CompletedProcess[str] | CompletedProcess[bytes] | Result) -> str:
    bagian = [("stdout", hasil.stdout), ("stderr", hasil.stderr)]
    if isinstance(hasil, Result) and hasil.exception is not None and not isinstance(hasil.exception, SystemExit):
        bagian.append(("galat", "".join(traceback.format_exception(hasil.exception))))
    return "\n".join(f"--- {nama}:\n{isi.decode() if isinstance(isi, bytes) else isi}" for nama, isi in bagian)
