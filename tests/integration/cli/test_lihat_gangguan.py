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

from ap2t.cli.keluaran import Format, keluarkan
from ap2t.galat import MasukanTidakSah
from tests.perintah import keluar

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
    keluarkan(("a",), [{"a": 7}], bentuk, lama)
    isi = lama.read_bytes()
    for ke in (lama, baru):
        with pytest.raises(MasukanTidakSah):
            keluarkan(("a",), putus(), bentuk, ke)
    gc.collect()
    assert lama.read_bytes() == isi
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["lama", "samping"]


@pytest.mark.parametrize("bentuk", [Format.CSV, Format.XLSX])
def test_berkas_tujuan(tmp_path: Path, bentuk: Format) -> None:
    """Who may read a file stays as it was; a link stays one; a folder that is not there is told by its name."""
    rahasia, tautan = tmp_path / "a", tmp_path / "tautan"
    rahasia.touch(0o600)
    tautan.symlink_to("a")
    keluarkan(("a",), [{"a": 1}], bentuk, tautan)
    assert rahasia.stat().st_size > 0
    assert rahasia.stat().st_mode & 0o777 == 0o600
    assert tautan.is_symlink()
    with pytest.raises(MasukanTidakSah, match="tidak-ada/a tidak dapat ditulis: No such file"):
        keluarkan(("a",), [{"a": 1}], bentuk, tmp_path / "tidak-ada" / "a")


def test_bukan_berkas_biasa() -> None:
    """A device is written to, not replaced."""
    assert keluarkan(("a",), [{"a": 1}], Format.CSV, Path(os.devnull)) == 1
    assert Path(os.devnull).is_char_device()


def test_pipa_ditutup(panggil: Panggil, dunia: Dunia) -> None:
    """``ap2t status … | head`` ends without a word."""
    p = ap2t(f"status --unitup {dunia.unitup} --thblrek {dunia.bulan} --buku --format csv | true")
    assert keluar(p, 1).stderr == ""


def test_teks_tidak_menggerakkan_layar(capsys: pytest.CaptureFixture[str]) -> None:
    """What somebody typed into a form moves no terminal."""
    keluarkan(("a",), [{"a": "baik\x1b[2J\r\ntipu"}], Format.TABEL, None)
    assert "baik\\x1b[2J tipu" in capsys.readouterr().out


@pytest.mark.parametrize("argumen", [("--buku",), ("--pada", "2030-01-01"), ("--per", "putaran")])
@pytest.mark.parametrize("mati", [True, False])
def test_menurut_buku_acmt_tidak_ditanya(
    panggil: Panggil, dunia: Dunia, monkeypatch: pytest.MonkeyPatch, argumen: tuple[str, ...], mati: bool
) -> None:
    """By the ledger alone: ACMT may be away, or have the unit no more."""
    if mati:
        isi_koneksi(monkeypatch, "acmt_db", conn_type="postgres", host="127.0.0.1", port=1, login="x", schema="x")
    else:
        dunia.acmt.execute("DELETE FROM acmt_dasar.unit WHERE unitup = %s", [dunia.unitup])
    b = baca(panggil("rekap", "--unitup", dunia.unitup, "--thblrek", dunia.bulan, "--format", "json", *argumen))
    assert b[0]["sudah_disahkan"] == 2


def test_unit_bukan_dari_area_itu(panggil: Panggil, dunia: Dunia) -> None:
    """A unit that is not of the area named with it is no match."""
    arg = ("rekap", "--unitup", dunia.unitup, "--thblrek", dunia.bulan, "--buku", "--unitap")
    keluar(panggil(*arg, "60000"))
    keluar(panggil(*arg, "99999"), 2)


def test_kelompok_menurut_kalender_dan_buku(panggil: Panggil, dunia: Dunia, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a month named: the kelompok that calendar or ledger know, whatever this machine's AP2T_KELOMPOK says."""
    monkeypatch.setenv("AP2T_KELOMPOK", "B,C")
    baris = baca(panggil("rekap", "--unitup", dunia.unitup, "--thblrek", dunia.bulan, "--format", "json"))
    assert [(b["hari_baca"], b["sudah_disahkan"]) for b in baris] == [("A", 2), ("JUMLAH", 2)]


@pytest.mark.parametrize("pada", ["0001-01-01", "9999-12-31T23:59:59-12:00"])
def test_saat_di_luar_kalender(auditor: Terisi, pada: str) -> None:
    """An instant that is none in UTC is wrong usage."""
    keluar(jalankan("rekap", "--unitup", "60001", "--pada", pada), 2)


@pytest.mark.parametrize(
    "argumen",
    [
        ("status", "600010000006", "--status", "TERTAHAN"),
        ("status", "600010000006", "--hari-baca", "B"),
        ("status", "600010000006", "--batas", "1"),
        ("sesi", "PS-1", "--unitup", "60001"),
    ],
)
def test_saringan_tanpa_daftar(auditor: Terisi, argumen: tuple[str, ...]) -> None:
    """A filter that would be left aside is wrong usage."""
    keluar(jalankan(*argumen), 2)


@pytest.mark.parametrize("argumen", [("--status", "ANEH"), ("--jenis", "ANEH"), ("--unitup", "abc")])
def test_sesi_yang_tidak_mungkin(auditor: Terisi, argumen: tuple[str, ...]) -> None:
    """What no session can be is told, instead of an empty list."""
    hasil = jalankan("sesi", *argumen)
    keluar(hasil, 2)
    assert argumen[1] in hasil.stderr


def test_sesi_menyebut_masih_ada_lagi(panggil: Panggil, dunia: Dunia) -> None:
    """A list of sessions that is cut says so, whatever its form."""
    dunia.pola("BERTAHAP")
    jalankan_sampai(dunia, "rekap").tutup_sesi()
    for batas, ada in (("1", True), ("2", False)):
        hasil = panggil("sesi", "--unitup", dunia.unitup, "--batas", batas, "--format", "json")
        assert len(baca(hasil)) == int(batas)
        assert ("Masih ada lagi" in hasil.stderr) is ada


@pytest.mark.parametrize(("argumen", "kode"), [("--ap2t", 1), ("--batas 1", 0)])
def test_berhenti_di_tengah_tetap_tenang(panggil: Panggil, dunia: Dunia, argumen: str, kode: int) -> None:
    """AP2T away, or a list cut short: one line, no traceback."""
    p = ap2t(
        f"status --unitup {dunia.unitup} --thblrek {dunia.bulan} --format csv {argumen}",
        AP2T_SABAR_DETIK="1",
        **({"AIRFLOW_CONN_AP2T_DEFAULT": MATI} if kode else {}),
    )
    keluar(p, kode)
    assert "Traceback" not in p.stderr
