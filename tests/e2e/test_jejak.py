"""The trail of a run that somebody tampered with in Airflow: read as an auditor would, a day later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.conftest import StackUji

pytestmark = pytest.mark.e2e
UNIT, DAG = "55210", "pengesahan_hari_baca_p"
SPV = f"spv{UNIT}"
PERISTIWA = (
    "SELECT isi ->> 'peristiwa', pelaku, isi ->> 'task_id', isi -> 'rinci' FROM pengesahan.jejak "
    "WHERE sesi_id = %s AND jenis = 'PERISTIWA_AIRFLOW' ORDER BY id"
)


@pytest.fixture(scope="module")
def run(stack: StackUji) -> str:
    """A run whose rekap an Op touched while the gate stood, approved in the end; then the watch ran."""
    klien, op = stack.sebagai(SPV), stack.sebagai("operator")
    run = klien.mulai(DAG, unitup=UNIT)
    klien.tunggu_gerbang(DAG, run)
    op.minta("PATCH", f"dags/{DAG}/dagRuns/{run}/taskInstances/rekap", json={"note": "sudah saya lihat"})
    klien.jawab(DAG, run, "Sah/Setuju", catatan="sudah-dilihat-bersama")
    assert klien.tunggu_selesai(DAG, run) == "success"
    jaga(stack)
    return run


def jaga(stack: StackUji) -> dict[str, str | None]:
    """Run penjaga_sesi now, as its schedule would within five minutes; return its tasks' states."""
    admin = stack.sebagai("admin")
    penjaga = admin.mulai("penjaga_sesi")
    assert admin.tunggu_selesai("penjaga_sesi", penjaga) == "success"
    return admin.tugas("penjaga_sesi", penjaga)


def test_peristiwa_airflow_tersalin(stack: StackUji, run: str) -> None:
    """Who marked and who answered in Airflow stands in the trail, each once, without what was typed."""
    sesi = stack.sesi(run)["id"]
    baris = stack.buku(PERISTIWA, sesi)
    assert ("patch_task_instance", "operator", "rekap") in {b[:3] for b in baris}
    jawaban = [b for b in baris if b[0] == "update_hitl_detail"]
    assert [(b[1], b[3]["chosen_options"]) for b in jawaban] == [(SPV, ["Sah/Setuju"])]
    assert "sudah-dilihat-bersama" not in json.dumps(baris)
    assert "sudah saya lihat" not in json.dumps(baris)
    jaga(stack)
    assert stack.buku(PERISTIWA, sesi) == baris


def test_setiap_baris_log_menyebut_sesi_dan_langkah(stack: StackUji, run: str) -> None:
    """Log and trail lead to each other: every line since the DAG was loaded carries session and step."""
    nomor = stack.sesi(run)["nomor"]
    klien = stack.sebagai(SPV)
    for tugas in ("ambil_bacaan", "persetujuan", "posting_ap2t", "tutup_sesi"):
        isi = klien.minta("GET", f"dags/{DAG}/dagRuns/{run}/taskInstances/{tugas}/logs/1")["content"]
        milik = list(sesudah_dimuat(isi))
        assert len(milik) >= 3
        assert [b for b in milik if (b.get("sesi"), b.get("langkah")) != (nomor, tugas)] == []


def sesudah_dimuat(isi: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Leave out what Airflow writes of an attempt before it has loaded the DAG (a task that waited has two)."""
    dimuat = False
    for baris in isi:
        if baris["event"] == "::group::Pre Execute":
            dimuat = False
        if dimuat:
            yield baris
        if baris["event"] == "Worker startup parse complete":
            dimuat = True


def test_auditor_membaca_sesi_ini(stack: StackUji, run: str) -> None:
    """The chain, the seal made by the watch, and every invariant hold; the session's file stands alone."""
    segel = list((stack.folder / "segel").glob("*.jsonl"))
    assert len(segel) == 1
    assert segel[0].read_text().count("\n") >= 1
    periksa = stack.ap2t("periksa")
    assert periksa.returncode == 0, periksa.stderr
    assert "catatan peristiwa dapat dibaca" in periksa.stdout
    assert "dapat ditulisi, 1 segel" in periksa.stdout
    hasil = stack.ap2t("audit", "verifikasi")
    assert hasil.returncode == 0, hasil.stdout + hasil.stderr
    nomor = stack.sesi(run)["nomor"]
    berkas = stack.ap2t("audit", "berkas", nomor, "--ke", str(stack.folder / "audit"))
    assert berkas.returncode == 0, berkas.stderr
    isi = next((stack.folder / "audit").glob("*.json"))
    assert stack.ap2t("audit", "periksa-berkas", str(isi)).returncode == 0
    assert nomor in next((stack.folder / "audit").glob("*.html")).read_text()
