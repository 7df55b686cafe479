"""OpenLineage: what Airflow's own extractor and file transport write down of real tasks; and nothing needs it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.providers.openlineage.extractors.base import DefaultExtractor
from airflow.providers.openlineage.plugins.adapter import OpenLineageAdapter
from airflow.sdk import BaseOperator
from openlineage.client import OpenLineageClient
from proses_fixtures import Dunia, isi_koneksi, jalankan_sampai, koneksi_basis

from ap2t.operators.pembatalan import BatalkanAp2t
from ap2t.operators.pengesahan import AmbilBacaan, PostingAp2t
from tests.perintah import keluar

NOL = "01927d4c-0000-7000-8000-000000000000"


def tulis(tugas: BaseOperator, run: Any, berkas: Path) -> dict[str, Any]:
    """Let the provider extract and emit a COMPLETE event for a task, into a file; return it as it stands there."""
    ti = SimpleNamespace(dag_id=run.dag_id, run_id=run.run_id)
    silsilah = DefaultExtractor(tugas).extract_on_complete(ti)
    assert silsilah is not None
    kirim = {"transport": {"type": "file", "log_file_path": str(berkas), "append": True}}
    adaptor = OpenLineageAdapter(client=OpenLineageClient(config=kirim))
    adaptor.complete_task(
        NOL, tugas.task_id, datetime.now(UTC).isoformat(), silsilah, None, None, None, None, None, run_facets={}
    )
    isi: dict[str, Any] = json.loads(berkas.read_text().splitlines()[-1])
    return isi


def kumpulan(isi: list[dict[str, Any]], segi: str) -> list[tuple[str, str, int]]:
    """Return namespace, name and row count of datasets."""
    masuk, nama = ("inputFacets", "inputStatistics") if segi == "masuk" else ("outputFacets", "outputStatistics")
    return [(d["namespace"], d["name"], d[masuk][nama]["rowCount"]) for d in isi]


def test_acmt_ke_buku_ke_ap2t(dunia: Dunia, tmp_path: Path) -> None:
    """The view, the ledger and AP2T's fungsi 2, with rows; hosts without a login, and nobody's data."""
    semua = dunia.isi(5)
    dunia.di_ap2t("tolak", idpel=[semua[0]], kode="DATA_TIDAK_VALID")
    jalan = jalankan_sampai(dunia)
    berkas = tmp_path / "silsilah.jsonl"
    # as a deployment has them: addresses with logins that must stay out; the run is over, only its rows are counted
    buku = koneksi_basis(dunia.alamat.buku, "uji_aplikasi") | {"password": "sandi-buku"}
    isi_koneksi(dunia.monkeypatch, "cmt_db", **buku)
    acmt = {"conn_type": "oracle", "host": "acmt.example", "schema": "acmt", "login": "baca", "password": "sandi-acmt"}
    isi_koneksi(dunia.monkeypatch, "acmt_db", **acmt)
    ambil = tulis(AmbilBacaan(task_id="ambil_bacaan"), jalan, berkas)
    assert kumpulan(ambil["inputs"], "masuk") == [("oracle://acmt.example:1521", "acmt.acmt.v_bacaan", 5)]
    keluar = [("postgres://localhost:5432", f"{buku['schema']}.pengesahan.bacaan", 5)]
    assert kumpulan(ambil["outputs"], "keluar") == keluar
    posting = tulis(PostingAp2t(task_id="posting_ap2t"), jalan, berkas)
    assert [(d["namespace"], d["name"]) for d in posting["inputs"]] == [k[:2] for k in keluar]
    assert kumpulan(posting["outputs"], "keluar") == [(dunia.sandbox.url, "fungsi2", 4)]
    batal = tulis(BatalkanAp2t(task_id="batalkan_ap2t"), jalan, berkas)
    assert kumpulan(batal["outputs"], "keluar") == [(dunia.sandbox.url, "fungsi2", 0)]
    teks = berkas.read_text()
    for rahasia in ("sandi", "pembaca", "baca@", "uji_aplikasi", "Siti Rahasia", *semua, dunia.spv):
        assert rahasia not in teks, rahasia
    isi_koneksi(dunia.monkeypatch, "acmt_db", **koneksi_basis(dunia.alamat.acmt, "uji_baca"))


@pytest.mark.parametrize("nyala", [False, True])
def test_hanya_dimuat_bila_dinyalakan(nyala: bool) -> None:
    """Without a transport Airflow's plugin registers no listener, and our operators never load the provider."""
    program = (
        "import sys\n"
        "import ap2t.operators.pembatalan, ap2t.operators.pengesahan\n"
        "assert not [m for m in sys.modules if m.startswith('openlineage') or m == 'ap2t.operators.silsilah']\n"
        "from airflow.providers.openlineage.plugins.openlineage import OpenLineageProviderPlugin as plugin\n"
        "print(len(plugin.listeners), 'openlineage.client' in sys.modules)\n"
    )
    lingkungan = {"PATH": "/usr/bin:/bin", "PYTHONPATH": "plugins", "AIRFLOW_HOME": "/nonexistent"}
    if nyala:
        lingkungan["AIRFLOW__OPENLINEAGE__TRANSPORT"] = '{"type": "console"}'
    hasil = subprocess.run([sys.executable, "-c", program], env=lingkungan, capture_output=True, text=True, check=False)
    keluar(hasil)
    assert hasil.stdout.split()[-2:] == (["1", "True"] if nyala else ["0", "False"])
