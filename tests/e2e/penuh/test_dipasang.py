"""The wheel in an Airflow that exists already, and what `make demo` does there."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from tests.e2e.conftest import StackUji, serentak
from tests.perintah import keluar

pytestmark = [pytest.mark.e2e, pytest.mark.airflow]
LIHAT = """
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


def test_plugin_masuk_lewat_entry_point(penuh: StackUji, dipasang: Path) -> None:
    """Airflow finds the plugin through the entry point; statements, templates, guards and the page came with it."""
    dari = keluar(penuh.jalankan("-c", LIHAT)).stdout.split()[-1]
    assert Path(dari).is_relative_to(dipasang / "venv")


@serentak
def test_pekerjaan_utama_berjalan(s: StackUji) -> None:
    """A kelompok goes from its readings to Sukses in a running Airflow, and the audit finds it whole."""
    demo = keluar(s.jalankan("-m", "sandbox.demo")).stdout
    assert "Sudah berjalan." in demo
    assert ">>> Sukses" in demo
    assert "UTUH." in demo
    assert demo.rpartition("\nURL: ")[2].strip() == s.alamat
    halaman = requests.get(f"{s.alamat}/pengesahan/api/saya", timeout=30)
    assert (halaman.status_code, halaman.json()["kode"]) == (401, "BELUM_MASUK")  # the page's own door answers
