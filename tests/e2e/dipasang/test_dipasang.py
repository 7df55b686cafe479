"""The wheel in an Airflow that exists already: nothing of the checkout but its sandbox is on the path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

from tests.e2e.conftest import SANTAI
from tests.perintah import keluar

AKAR = Path(__file__).resolve().parents[3]
DAGS = AKAR / "dags"
pytestmark = [pytest.mark.e2e, pytest.mark.airflow]


class Pasangan(NamedTuple):
    """An environment with Airflow and the wheel, and what its processes see."""

    python: Path
    env: dict[str, str]
    folder: Path

    def jalankan(self, *argumen: str, batas: int = 60) -> subprocess.CompletedProcess[str]:
        """Run its Python away from the checkout; it must end well."""
        hasil = subprocess.run(
            [self.python, *argumen],
            cwd=self.folder,
            env=self.env,
            check=False,
            capture_output=True,
            text=True,
            timeout=batas,
        )
        keluar(hasil)
        return hasil


def _tetangga(asal: Path, pustaka: Path) -> Iterator[Path]:
    """Yield what is installed here, except the project itself and what leads Python to the checkout."""
    for isi in asal.iterdir():
        if "ap2t_pengesahan" not in isi.name and isi.suffix != ".pth" and not (pustaka / isi.name).exists():
            yield isi


@pytest.fixture(scope="module")
def pasangan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pasangan]:
    """A new environment that has this one's packages; the wheel goes in as anybody installs it, its DAGs are copied."""
    folder = tmp_path_factory.mktemp("dipasang")
    uv = [sys.executable, "-m", "uv"]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "AP2T_", "PYTHONPATH"))}
    bangun = [*uv, "build", "-q", "--wheel", "--no-build-isolation", "--offline", "--python", sys.executable]
    keluar(subprocess.run([*bangun, "-o", folder, AKAR], env=env, check=False, capture_output=True, text=True))
    (roda,) = folder.glob("*.whl")
    keluar(subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=False))
    python = folder / "venv" / "bin" / "python"
    (pustaka,) = (folder / "venv" / "lib").glob("python*/site-packages")
    asal = Path(sysconfig.get_path("purelib"))
    for isi in _tetangga(asal, pustaka):
        (pustaka / isi.name).symlink_to(isi)
    terkompilasi = Path(f"{sys.pycache_prefix or folder}{pustaka}")  # shared too: nothing is compiled a second time
    terkompilasi.parent.mkdir(parents=True, exist_ok=True)  # a folder of this number may have been here before
    terkompilasi.unlink(missing_ok=True)
    terkompilasi.symlink_to(f"{sys.pycache_prefix or folder}{asal}")
    pasang = [*uv, "pip", "install", "-q", "--offline", "--no-deps", "--python", python, roda]
    keluar(subprocess.run(pasang, env=env, check=False, capture_output=True, text=True))
    (folder / "dags").mkdir()
    for berkas in DAGS.glob("*.py"):
        shutil.copy(berkas, folder / "dags")
    (folder / "plugins").mkdir()
    env |= {
        "PYTHONPATH": str(AKAR / "include"),  # the sandbox, which plays ACMT and AP2T
        "AIRFLOW_HOME": str(folder / "rumah" / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(folder / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AP2T_HOME": str(folder / "rumah"),
        "AP2T_DEMO_BARIS": "50",
        "AP2T_KELOMPOK": "A,B,C",
        "AP2T_JEDA_TENGOK": "2",
        **SANTAI,
    }
    yield Pasangan(python, env, folder)
    terkompilasi.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def test_plugin_masuk_lewat_entry_point(pasangan: Pasangan) -> None:
    """Airflow finds the plugin through the entry point; statements, templates, guards and the page came with it."""
    lihat = """
import ap2t, json
from airflow.plugins_manager import _get_plugins
from ap2t import sql
from ap2t.audit.berkas.html import TEMPLAT
from ap2t.audit.pagar import BERKAS
from ap2t.pemberitahuan.pesan import TEMPLAT as SURAT
from ap2t.web.airflow import halaman
plugin, salah = _get_plugins()
(milik,) = [p for p in plugin if p.name == "ap2t"]
assert type(milik.source).__name__ == "EntryPointSource" and not salah, salah
assert sql.muat("ledger/sesi_buka")
assert [*TEMPLAT.glob("*.j2")] and [*SURAT.glob("*.j2")] and BERKAS.is_file()
assert halaman() and (sql.akar().parent / "web" / "statis" / "halaman.html").is_file()
print(ap2t.__file__)
"""
    dari = pasangan.jalankan("-c", lihat).stdout.split()[-1]
    assert Path(dari).is_relative_to(pasangan.folder / "venv")


def test_pekerjaan_utama_berjalan(pasangan: Pasangan) -> None:
    """A kelompok goes from its readings to Sukses in a running Airflow, and the audit finds it whole."""
    try:
        demo = pasangan.jalankan("-m", "sandbox.demo", batas=420)
        assert ">>> Sukses" in demo.stdout
        assert "UTUH." in demo.stdout
        alamat = demo.stdout.rpartition("\nURL: ")[2].strip()
        halaman = requests.get(f"{alamat}/pengesahan/api/saya", timeout=30)
        assert (halaman.status_code, halaman.json()["kode"]) == (401, "BELUM_MASUK")  # the page's own door answers
    finally:
        turun = [pasangan.python, "-m", "sandbox.stack", "down"]
        subprocess.run(turun, cwd=pasangan.folder, env=pasangan.env, check=False, timeout=120)
