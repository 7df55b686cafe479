"""The main job through a running Airflow, the gate answered over REST, AP2T asked what it holds."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
import requests

from sandbox.acmt_demo import KELOMPOK_DEMO
from sandbox.rest import KlienAirflow
from tests.e2e.conftest import BARIS, StackUji, dag, ditahan, dua_pengesah, lengkapi, tunggu

pytestmark = pytest.mark.e2e
UNIT, UNIT2 = "54110", "41310"
SPV, SPV_B, VENDOR = f"spv{UNIT}", f"spv{UNIT}b", f"vendor{UNIT}"
SESUDAH = f"sesudah_pengesahan_{UNIT}"
"""The DAG that docs/pengelola/penerapan.md gives as an example."""


@pytest.fixture(scope="package")
def terbuka(stack: StackUji) -> dict[str, str]:
    """Runs of several kelompok started together, each on its way to its gate: kelompok to run_id."""
    stack.sebagai("admin").minta("PATCH", f"dags/{SESUDAH}", json={"is_paused": False})  # it starts from what follows
    return {k: stack.sebagai(SPV).mulai(dag(k), unitup=UNIT) for k in "ABFG"}


def sampai_gerbang(stack: StackUji, terbuka: dict[str, str], kode: str) -> tuple[KlienAirflow, str, str]:
    klien, run = stack.sebagai(SPV), terbuka[kode]
    klien.tunggu_gerbang(dag(kode), run)
    return klien, dag(kode), run


def test_disahkan_tepat(stack: StackUji, terbuka: dict[str, str]) -> None:
    """Invariants 1, 2, 3, 5: exactly the approved rows are at posting 1, once, with exact values; held rows stay 0.

    Those sent back are sent back in ACMT too, once each, with the reason of the answer.
    """
    klien, dag_id, run = sampai_gerbang(stack, terbuka, "A")
    sesi = stack.sesi(run)
    semua = stack.baris_ap2t(UNIT, sesi["thblrek"], "A")
    kembali = sorted(set(semua) - ditahan(UNIT, "A"))[:2]
    gerbang = klien.gerbang(dag_id, run)
    assert {u["id"] for u in gerbang["assigned_users"]} == {SPV, SPV_B}
    assert "Jam nyala di atas batas" in gerbang["body"]
    klien.jawab(dag_id, run, "Sah/Setuju", kembalikan=[f"{kembali[0]} foto buram", kembali[1]])
    with pytest.raises(requests.HTTPError, match="409"):
        stack.sebagai(SPV_B).jawab(dag_id, run, "Tolak")
    assert klien.tunggu_selesai(dag_id, run) == "success"
    assert klien.xcom(dag_id, run, "tutup_sesi").startswith("Sukses")

    ap2t = stack.baris_ap2t(UNIT, sesi["thblrek"], "A")
    posting = {i for i, b in ap2t.items() if b["kodeposting"] == 1}
    assert posting == set(ap2t) - ditahan(UNIT, "A") - set(kembali)
    assert {b["kodeposting"] for i, b in ap2t.items() if i not in posting} == {0}
    assert {b["oleh"] for i, b in ap2t.items() if i in posting} == {SPV}
    nilai = stack.buku(
        "SELECT b.idpel, CASE WHEN b.pilihan ? 'jam_abonemen' THEN 0 ELSE b.sahlwbp END, b.sahwbp, b.sahkvarh, s.kwh "
        "FROM pengesahan.bacaan b "
        "JOIN pengesahan.saringan s USING (sesi_id, idpel) WHERE sesi_id = %s",
        sesi["id"],
    )
    for idpel, *kita in nilai:
        if idpel in posting:
            b = ap2t[idpel]
            mereka = [b[k] and Decimal(b[k]) for k in ("sahlwbp", "sahwbp", "sahkvarh", "pemkwh")]
            assert mereka == kita, idpel
    assert not stack.berulang()
    assert not stack.sandbox("GET", "ringkasan")["pelanggaran"]
    akhir = stack.sesi(run)
    assert (akhir["status"], akhir["tahap"]) == ("SELESAI", "COCOK")
    sebab = f" (pengesahan {akhir['nomor']})"
    kueri = "SELECT idpel, alasan, oleh FROM acmt_dasar.pengembalian WHERE alasan LIKE %s ORDER BY idpel"
    assert stack.acmt(kueri, f"%{sebab}") == [
        (kembali[0], f"foto buram{sebab}", SPV),
        (kembali[1], f"Dikembalikan pengesah tanpa alasan tertulis{sebab}", SPV),
    ]
    kueri = "SELECT count(*) FROM acmt.v_bacaan WHERE idpel = ANY(%s) AND thblrek = %s AND kirim_pada IS NULL"
    assert stack.acmt(kueri, kembali, akhir["thblrek"]) == [(2,)]
    stack.audit()


def test_tolak(stack: StackUji, terbuka: dict[str, str]) -> None:
    """Tolak ends the run as success, session DITOLAK, nothing posted; a second run does not start while it stands."""
    klien, dag_id, run = sampai_gerbang(stack, terbuka, "B")
    kedua = stack.sebagai(SPV_B).mulai(dag_id, unitup=UNIT)
    assert klien.tunggu_selesai(dag_id, kedua) == "failed"
    assert run in stack.log(SPV_B, dag_id, kedua, "buka_sesi")
    klien.jawab(dag_id, run, "Tolak", catatan="periksa lagi")
    assert klien.tunggu_selesai(dag_id, run) == "success"
    assert klien.tugas(dag_id, run)["posting_ap2t"] == "skipped"
    # nor is it asked again: what is cleared finds the session ended
    isi = {"dry_run": False, "dag_run_id": run, "task_ids": ["persetujuan"], "include_downstream": True}
    klien.minta("POST", f"dags/{dag_id}/clearTaskInstances", json={**isi, "only_failed": False})
    assert klien.tunggu_selesai(dag_id, run) == "success"
    sesi = stack.sesi(run)
    assert sesi["status"] == "DITOLAK"
    assert {b["kodeposting"] for b in stack.baris_ap2t(UNIT, sesi["thblrek"], "B").values()} == {0}


def test_aset_dan_dag_sesudahnya(stack: StackUji, terbuka: dict[str, str]) -> None:
    """Sukses updates the asset once, with the kelompok and its counts; the documents' example DAG starts from it.

    A rejected session updates nothing, however often its closing step succeeds.
    """
    admin, sesi = stack.sebagai("admin"), stack.sesi(terbuka["A"])
    tempat = {nama: sesi[nama] for nama in ("unitup", "thblrek", "hari_baca")}

    def peristiwa(kode: str) -> list[dict[str, Any]]:
        isi = admin.minta("GET", "assets/events", params={"source_run_id": terbuka[kode]})
        return list(isi["asset_events"])

    (satu,) = peristiwa("A")
    assert (satu["name"], satu["source_task_id"]) == ("ap2t://pengesahan", "tutup_sesi")
    assert satu["partition_key"] == "|".join(tempat.values())
    tahan = len(ditahan(UNIT, "A"))
    lain = dict.fromkeys(("berubah", "ditolak", "dibatalkan"), 0)
    jumlah = {"disahkan": BARIS - tahan - 2, "ditahan": tahan, "dikembalikan": 2, **lain}
    assert satu["extra"] == {**tempat, "sesi": sesi["nomor"], **jumlah}
    assert peristiwa("B") == []

    def run_sesudahnya() -> list[tuple[str, str]]:
        isi = admin.minta("GET", f"dags/{SESUDAH}/dagRuns")["dag_runs"]
        return [(run["partition_key"], run["state"]) for run in isi]

    tunggu(lambda: (satu["partition_key"], "success") in run_sesudahnya())
    assert all(kunci.startswith(f"{UNIT}|") for kunci, _ in run_sesudahnya())


def test_ap2t_terganggu_lalu_dilanjutkan(stack: StackUji, terbuka: dict[str, str]) -> None:
    """Invariants 3 and 4: the period closes before posting; the session stops and resumes by clearing."""
    klien, dag_id, run = sampai_gerbang(stack, terbuka, "F")
    sesi = stack.sesi(run)
    kelompok = {"unitup": UNIT, "thblrek": sesi["thblrek"], "hari_baca": "F"}
    stack.sandbox("POST", "periode", json={**kelompok, "terbuka": False})
    klien.jawab(dag_id, run, "Sah/Setuju")
    assert klien.tunggu_selesai(dag_id, run) == "failed"
    assert "FUNGSI2_TERTUTUP" in stack.log(SPV, dag_id, run, "posting_ap2t")
    assert stack.sesi(run)["status"] == "TERHENTI"
    stack.sandbox("POST", "periode", json={**kelompok, "terbuka": True})
    klien.minta(
        "POST",
        f"dags/{dag_id}/clearTaskInstances",
        json={
            "dry_run": False,
            "dag_run_id": run,
            "task_ids": ["posting_ap2t"],
            "include_downstream": True,
            "only_failed": False,
        },
    )
    assert klien.tunggu_selesai(dag_id, run) == "success"
    ap2t = stack.baris_ap2t(UNIT, sesi["thblrek"], "F")
    assert {i for i, b in ap2t.items() if b["kodeposting"] == 1} == set(ap2t) - ditahan(UNIT, "F")
    assert not stack.berulang()


def test_run_kedua_nihil(stack: StackUji, terbuka: dict[str, str]) -> None:
    """SOP 12.1, rule 3, a clean end: after the first round only held customers are left; nothing is asked or sent."""
    klien, dag_id, run = sampai_gerbang(stack, terbuka, "G")
    klien.jawab(dag_id, run, "Sah/Setuju")
    assert klien.tunggu_selesai(dag_id, run) == "success"
    kini = klien.mulai(dag("G"), unitup=UNIT)
    assert klien.tunggu_selesai(dag("G"), kini) == "success"
    tugas = klien.tugas(dag("G"), kini)
    assert {tugas[t] for t in ("persetujuan", "persetujuan_kedua", "posting_ap2t")} == {"skipped"}
    sesi = stack.sesi(kini)
    assert (sesi["status"], sesi["putaran"]) == ("NIHIL", 2)
    assert "Tidak ada yang perlu disahkan" in klien.xcom(dag("G"), kini, "tutup_sesi")


def test_masukan_salah(stack: StackUji) -> None:
    """Bad input fails at once with an Indonesian message that names what is wrong; no session is left open."""
    kasus = [
        (SPV, {"unitup": "99999"}, "99999"),
        (SPV, {"unitup": "abc"}, "unitup"),
        (SPV, {"unitup": UNIT, "thblrek": "202613"}, "202613"),
        (SPV, {"unitup": UNIT, "thblrek": "203012"}, "203012"),
        (SPV, {"unitup": UNIT2}, f"bukan petugas aktif unit {UNIT2}"),
        ("admin", {"unitup": UNIT}, "bukan petugas aktif"),
        (SPV, {"unitup": UNIT, "setuju": True}, "setuju"),
    ]
    run = [(u, stack.sebagai(u).mulai(dag("H"), **conf), cari) for u, conf, cari in kasus]
    for siapa, run_id, cari in run:
        assert stack.sebagai(siapa).tunggu_selesai(dag("H"), run_id) == "failed"
        assert cari in stack.log(siapa, dag("H"), run_id, "buka_sesi"), cari
    assert not stack.buku("SELECT 1 FROM pengesahan.sesi WHERE hari_baca = 'H'")


def test_belum_siap_gagal_atau_menunggu(stack: StackUji) -> None:
    """Not ready: fails at once naming customers, or waits without a worker and goes on when it is ready."""
    klien = stack.sebagai(SPV)
    segera = klien.mulai(dag("T"), unitup=UNIT, thblrek=stack.bulan(UNIT, "T"), tunggu_kesiapan=False)
    assert klien.tunggu_selesai(dag("T"), segera) == "failed"
    log = stack.log(SPV, dag("T"), segera, "kesiapan.stan_terisi")
    assert re.search(r"\d{12} \(belum ada stan\)", log)
    sesi = stack.sesi(segera)
    assert sesi["status"] == "TERHENTI"

    tunggu = klien.mulai(dag("S"), unitup=UNIT, thblrek=stack.bulan(UNIT, "S"))
    klien.tunggu(dag("S"), tunggu, lambda t: t["kesiapan.terverifikasi"] == "deferred")
    lengkapi(stack, UNIT, "S")
    klien.tunggu_gerbang(dag("S"), tunggu)
    assert stack.sesi(tunggu)["status"] == "BERJALAN"


def test_dua_pengesah(stack: StackUji) -> None:
    """Pattern of two approvers: the second is another person, and that person's own AP2T user posts."""
    dua_pengesah(stack, UNIT2)
    satu, dua = stack.sebagai(f"spv{UNIT2}"), stack.sebagai(f"spv{UNIT2}b")
    # the schedule's stand-in: a third person of the unit starts, so that both SPV TE may approve
    run = stack.sebagai(f"vendor{UNIT2}").mulai(dag("A"), unitup=UNIT2)
    satu.tunggu_gerbang(dag("A"), run)
    satu.jawab(dag("A"), run, "Sah/Setuju")
    dua.tunggu_gerbang(dag("A"), run, "persetujuan_kedua")
    with pytest.raises(requests.HTTPError, match="403"):
        satu.jawab(dag("A"), run, "Sah/Setuju", task_id="persetujuan_kedua")
    dua.jawab(dag("A"), run, "Sah/Setuju", task_id="persetujuan_kedua")
    assert dua.tunggu_selesai(dag("A"), run) == "success"
    ap2t = stack.baris_ap2t(UNIT2, stack.sesi(run)["thblrek"], "A")
    assert {b["oleh"] for b in ap2t.values() if b["kodeposting"] == 1} == {f"spv{UNIT2}b"}


def test_semua_dag_ada(stack: StackUji) -> None:
    """Pinned names: one DAG a kelompok, unpaused, with an Indonesian display name and help."""
    isi = stack.sebagai("auditor").minta("GET", "dags?limit=100")["dags"]
    dags = {d["dag_id"]: d for d in isi}
    for k in KELOMPOK_DEMO:
        assert not dags[dag(k)]["is_paused"]
        assert dags[dag(k)]["dag_display_name"] == f"Pengesahan hari baca {k}"
    assert not dags["penjaga_sesi"]["is_paused"]
    assert not dags["pembatalan_pengesahan"]["is_paused"]
    assert dags["jadwal_hari_baca"]["is_paused"]


def test_kunci_penjadwalan_terlepas(stack: StackUji) -> None:
    """What a killed scheduler leaves holds the lock of all scheduling: the database itself ends what stands idle."""
    assert stack.meta("SHOW idle_in_transaction_session_timeout") == [("5min",)]
