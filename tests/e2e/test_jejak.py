"""The trail of a run that somebody tampered with in Airflow: read as an auditor would, a day later."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.e2e.conftest import StackUji, disiapkan
from tests.perintah import keluar

pytestmark = pytest.mark.e2e
UNIT, DAG = "55210", "pengesahan_hari_baca_p"
SPV = f"spv{UNIT}"
PERISTIWA = (
    "SELECT isi ->> 'peristiwa', pelaku, isi ->> 'task_id', isi -> 'rinci' FROM pengesahan.jejak "
    "WHERE sesi_id = %s AND jenis = 'PERISTIWA_AIRFLOW' ORDER BY id"
)


def tersentuh(stack: StackUji) -> str:
    """A run whose rekap an Op touched while the gate stood, approved in the end; then the watch ran."""
    klien, op = stack.sebagai(SPV), stack.sebagai("operator")
    run = klien.mulai(DAG, unitup=UNIT)
    klien.tunggu_gerbang(DAG, run)
    op.minta("PATCH", f"dags/{DAG}/dagRuns/{run}/taskInstances/rekap", json={"note": "sudah saya lihat"})
    kacaukan(stack, run)
    klien.jawab(DAG, run, "Sah/Setuju", catatan="sudah-dilihat-bersama")
    assert klien.tunggu_selesai(DAG, run) == "success"
    jaga(stack)
    return run


def kacaukan(stack: StackUji, run: str) -> None:
    """Fill Airflow's event log with what no JSON column takes, and with what its own list does not show."""
    vendor, op = stack.sebagai(f"vendor{UNIT}"), stack.sebagai("operator")
    jalan = f"dags/{DAG}/dagRuns/{run}/taskInstances/rekap"
    for isi in ({"new_state": "\ud800"}, {"new_state": "a\x00b"}, {"map_index": float("nan")}):
        # refused, but Airflow has written it down before it looks; a connection of its own, which a 500 ends
        jawaban = requests.patch(
            f"{stack.alamat}/api/v2/{jalan}",
            data=json.dumps(isi),
            headers={**vendor._sesi.headers, "Content-Type": "application/json"},
            timeout=30,
        )
        assert jawaban.status_code in (422, 500)
    sasaran = {"dag_id": DAG, "dag_run_id": run, "note": "sudah saya lihat"}
    op.minta("PATCH", "dags/~/dagRuns", json={"actions": [{"action": "update", "entities": [sasaran]}]})
    with pytest.raises(requests.HTTPError, match="403"):
        stack.sebagai("spv54110").minta(
            "PATCH",
            f"dags/{DAG}/dagRuns/{run}/taskInstances/persetujuan/-1/hitlDetails",
            json={"chosen_options": ["Tolak"], "dag_id": "karangan"},
        )


def jaga(stack: StackUji) -> dict[str, str | None]:
    """Run penjaga_sesi now, as its schedule would within five minutes; return its tasks' states."""
    admin = stack.sebagai("admin")
    penjaga = admin.mulai("penjaga_sesi")
    assert admin.tunggu_selesai("penjaga_sesi", penjaga) == "success"
    return admin.tugas("penjaga_sesi", penjaga)


@disiapkan(tersentuh)
def test_peristiwa_airflow_tersalin(stack: StackUji, siap: str) -> None:
    """Who marked and who answered in Airflow stands in the trail, each once, without what was typed."""
    sesi = stack.sesi(siap)["id"]
    baris = stack.buku(PERISTIWA, sesi)
    assert ("patch_task_instance", "operator", "rekap") in {b[:3] for b in baris}
    jawaban = [b for b in baris if b[0] == "update_hitl_detail"]
    assert [(b[1], b[3]["chosen_options"]) for b in jawaban] == [(SPV, ["Sah/Setuju"])]
    assert "sudah-dilihat-bersama" not in json.dumps(baris)
    assert "sudah saya lihat" not in json.dumps(baris)
    jaga(stack)
    assert stack.buku(PERISTIWA, sesi) == baris


@disiapkan(tersentuh)
def test_tidak_ada_yang_menahan_atau_tersembunyi(stack: StackUji, siap: str) -> None:
    """What anybody may write into Airflow's log neither ends the copying nor keeps out of the trail what it hides."""
    sql = "SELECT isi ->> 'peristiwa', pelaku, isi -> 'rinci' FROM pengesahan.jejak WHERE jenis = 'PERISTIWA_AIRFLOW'"
    semua = stack.buku(sql)
    coba = [
        r["new_state"]
        for p, oleh, r in semua
        if (p, oleh) == ("patch_task_instance", f"vendor{UNIT}") and "new_state" in r
    ]
    assert {"\\ud800", "a\\x00b"} <= set(coba)
    banyak = [r for p, oleh, r in semua if (p, oleh) == ("bulk_dag_runs", "operator")]
    assert {"dag_id": DAG, "dag_run_id": siap} in [s for r in banyak for s in r["sasaran"]]
    palsu = [r for p, oleh, r in semua if (p, oleh) == ("update_hitl_detail", "spv54110") and "dag_id" in r]
    assert palsu == [{"chosen_options": ["Tolak"], "dag_id": "karangan", "map_index": "-1", "method": "PATCH"}]


@disiapkan(tersentuh)
def test_setiap_baris_log_menyebut_sesi_dan_langkah(stack: StackUji, siap: str) -> None:
    """Log and trail lead to each other: every line since the DAG was loaded carries session and step."""
    nomor = stack.sesi(siap)["nomor"]
    klien = stack.sebagai(SPV)
    for tugas in ("ambil_bacaan", "persetujuan", "posting_ap2t", "tutup_sesi"):
        isi = klien.minta("GET", f"dags/{DAG}/dagRuns/{siap}/taskInstances/{tugas}/logs/1")["content"]
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


@disiapkan(tersentuh)
def test_auditor_membaca_sesi_ini(stack: StackUji, siap: str) -> None:
    """The chain, the seal made by the watch, and every invariant hold; the session's file stands alone."""
    segel = list((stack.folder / "segel").glob("*.jsonl"))
    assert len(segel) == 1
    assert segel[0].read_text().count("\n") >= 1
    periksa = stack.ap2t("periksa")
    keluar(periksa)
    assert "catatan peristiwa dapat dibaca" in periksa.stdout
    assert re.search(r"dapat ditulisi, [12] segel", periksa.stdout)  # two where midnight passed meanwhile
    stack.audit()
    nomor = stack.sesi(siap)["nomor"]
    berkas = stack.ap2t("audit", "berkas", nomor, "--ke", str(stack.folder / "audit"))
    keluar(berkas)
    isi = next((stack.folder / "audit").glob("*.json"))
    keluar(stack.ap2t("audit", "periksa-berkas", str(isi)))
    assert nomor in next((stack.folder / "audit").glob("*.html")).read_text()
