"""The command line where things go wrong: files that must survive, pipes that close, connections that are away."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from audit_fixtures import Terisi
from proses_fixtures import Dunia, isi_koneksi, jalankan_sampai
from test_lihat_perintah import AKAR, Panggil, auditor, baca, jalankan, panggil

from ap2t.cli_keluaran import Format, tulis
from ap2t.galat import MasukanTidakSah

__all__ = ["auditor", "panggil"]
MATI = '{"conn_type": "http", "host": "http://127.0.0.1:1", "login": "a", "password": "b"}'


def ap2t(argumen: str, **lain: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a shell, as a person does; what follows it in a pipe may stand in ``argumen``."""
    perintah = f"set -o pipefail; {sys.executable} -m ap2t.cli {argumen}"
    lingkungan = os.environ | {"PYTHONPATH": str(AKAR / "plugins"), **lain}
    return subprocess.run(["/bin/bash", "-c", perintah], env=lingkungan, capture_output=True, text=True, timeout=120)


def putus() -> Iterator[dict[str, Any]]:
    """One row, and then what is asked does not answer any more."""
    yield {"a": 1}
    raise MasukanTidakSah("AP2T tidak menjawab")


@pytest.mark.parametrize("bentuk", list(Format))
def test_berkas_lama_selamat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bentuk: Format) -> None:
    """Where writing fails in the middle a good file stays as it was, no new one appears, and nothing is left beside."""
    samping = tmp_path / "samping"
    samping.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(samping))
    lama, baru = tmp_path / "lama", tmp_path / "baru"
    tulis(("a",), [{"a": 7}], bentuk, lama)
    isi = lama.read_bytes()
    for ke in (lama, baru):
        with pytest.raises(MasukanTidakSah):
            tulis(("a",), putus(), bentuk, ke)
    gc.collect()
    assert lama.read_bytes() == isi
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["lama", "samping"]


@pytest.mark.parametrize("bentuk", [Format.CSV, Format.XLSX])
def test_berkas_tujuan(tmp_path: Path, bentuk: Format) -> None:
    """Who may read a file stays as it was; a link stays one; a folder that is not there is told by its name."""
    rahasia, tautan = tmp_path / "a", tmp_path / "tautan"
    rahasia.touch(0o600)
    tautan.symlink_to("a")
    tulis(("a",), [{"a": 1}], bentuk, tautan)
    assert rahasia.stat().st_size > 0
    assert rahasia.stat().st_mode & 0o777 == 0o600
    assert tautan.is_symlink()
    with pytest.raises(MasukanTidakSah, match="tidak-ada/a tidak dapat ditulis: No such file"):
        tulis(("a",), [{"a": 1}], bentuk, tmp_path / "tidak-ada" / "a")


def test_bukan_berkas_biasa() -> None:
    """A device is written to, not replaced."""
    assert tulis(("a",), [{"a": 1}], Format.CSV, Path(os.devnull)) == 1
    assert Path(os.devnull).is_char_device()


def test_pipa_ditutup(panggil: Panggil, dunia: Dunia) -> None:
    """``ap2t status … | head`` ends without a word."""
    p = ap2t(f"status --unitup {dunia.unitup} --thblrek {dunia.bulan} --buku --format csv | true")
    assert (p.returncode, p.stderr) == (1, "")


def test_teks_tidak_menggerakkan_layar(capsys: pytest.CaptureFixture[str]) -> None:
    """What somebody typed into a form moves no terminal."""
    tulis(("a",), [{"a": "baik\x1b[2J\r\ntipu"}], Format.TABEL, None)
    assert "baik\\x1b[2J\\r tipu" in capsys.readouterr().out
