"""Gates that wait through an upgrade, and through their DAG's absence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e.bagian_uji import dilayani, tepat_sekali
from tests.e2e.conftest import AKAR, StackUji, dag, tunggu
from tests.e2e.run_uji import RunUji

pytestmark = [pytest.mark.e2e, pytest.mark.nightly]
SATU, DUA, TIGA = "54110", "55210", "41310"
KELOMPOK_LAIN = "A,B,C,E,F,G,S"
"""All of the stack's but D."""


def versi_baru(folder: Path) -> dict[str, str]:
    """The code as a later release: another version, and rules that count as others. Where it is found."""
    plugins = shutil.copytree(AKAR / "plugins", folder / "plugins", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(AKAR / "include", folder / "include", ignore=shutil.ignore_patterns("__pycache__"))
    for berkas, lama, baru in (
        ("__init__.py", '__version__ = "0.1.0"', '__version__ = "9.9.9"'),
        ("domain/model.py", 'versi: str = "', 'versi: str = "9'),
    ):
        isi = (plugins / "ap2t" / berkas).read_text()
        assert isi.count(lama) == 1
        (plugins / "ap2t" / berkas).write_text(isi.replace(lama, baru))
    jalur = f"{plugins}:{folder / 'include'}"
    shutil.copytree(AKAR / "dags", folder / "dags", ignore=shutil.ignore_patterns("__pycache__"))
    return {"PYTHONPATH": jalur}


def test_naik_versi_dan_dag_hilang(hidup: StackUji, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A gate opened by older code is answered and posted under the rules it was opened with, by the new code.

    A gate whose DAG is not there keeps its answer; it counts when the DAG is back.
    """
    tetap, hilang, nanti = RunUji(hidup, SATU, "E"), RunUji(hidup, SATU, "D"), RunUji(hidup, DUA, "D")
    for run in (tetap, hilang, nanti):
        run.berdiri()
    lama = tetap.sesi
    hidup.perintah("down")
    hidup.naik(AP2T_KELOMPOK=KELOMPOK_LAIN, **versi_baru(tmp_path_factory.mktemp("versi")))
    tunggu(lambda: hidup.meta("SELECT is_stale FROM dag WHERE dag_id = %s", dag("D")) == [(True,)], 240)
    tetap.jawab()
    tetap.berhasil()
    assert {nama: tetap.sesi[nama] for nama in ("versi_aturan", "versi_kode")} == {
        nama: lama[nama] for nama in ("versi_aturan", "versi_kode")
    }
    baru = RunUji(hidup, TIGA, "E")
    hilang.kirim_jawaban()
    baru.sah()
    assert baru.sesi["versi_kode"] == "9.9.9"
    hidup.perintah("down")
    hidup.naik()
    nanti.sah()
    tepat_sekali(tetap, hilang, nanti, baru)
    assert dilayani(hilang)
