"""The main job through a running Airflow, the gate answered over REST, AP2T asked what it holds."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
import requests

from sandbox.acmt_demo import KELOMPOK_DEMO
from tests.e2e.conftest import BARIS, StackUji, dag, ditahan, lengkapi, serentak, tunggu
from tests.e2e.run_uji import RunUji

pytestmark = pytest.mark.e2e
UNIT, UNIT2 = "54110", "41310"
SPV, SPV_B = f"spv{UNIT}", f"spv{UNIT}b"
SESUDAH = f"sesudah_pengesahan_{UNIT}"
"""The DAG that docs/pengelola/penerapan.md gives as an example."""


@serentak
def test_disahkan_tepat(stack: StackUji) -> None:
    """Invariants 1, 2, 3, 5: exactly the approved rows are at posting 1, once, with exact values; held rows stay 0.

    Those sent back are sent back in ACMT too, once each, with the reason of the answer.
    """
    stack.sebagai("admin").minta("PATCH", f"dags/{SESUDAH}", json={"is_paused": False})  # it starts from what follows
    run = RunUji(stack, UNIT, "A").matang()
    kembali = sorted(run.boleh())[:2]
    gerbang = run.klien.gerbang(run.dag, run.id)
    assert {u["id"] for u in gerbang["assigned_users"]} == {SPV, SPV_B}
    assert "Jam nyala di atas batas" in gerbang["body"]
    run.kirim_jawaban(isian={"kembalikan": [f"{kembali[0]} foto buram", kembali[1]]})
    with pytest.raises(requests.HTTPError, match="409"):
        run.kirim_jawaban("Tolak", oleh=SPV_B)
    assert run.selesai()[0] == "success"
    assert run.klien.xcom(run.dag, run.id, "tutup_sesi").startswith("Sukses")

    ap2t, posting, akhir = run.ap2t(), run.terposting(), run.sesi
    assert posting == run.boleh() - set(kembali)
    assert {b["kodeposting"] for i, b in ap2t.items() if i not in posting} == {0}
    assert {b["oleh"] for i, b in ap2t.items() if i in posting} == {SPV}
    nilai = stack.buku(
        "SELECT b.idpel, CASE WHEN b.pilihan ? 'jam_abonemen' THEN 0 ELSE b.sahlwbp END, b.sahwbp, b.sahkvarh, s.kwh "
        "FROM pengesahan.bacaan b "
        "JOIN pengesahan.saringan s USING (sesi_id, idpel) WHERE sesi_id = %s",
        akhir["id"],
    )
    for idpel, *kita in nilai:
        if idpel in posting:
            b = ap2t[idpel]
            mereka = [b[k] and Decimal(b[k]) for k in ("sahlwbp", "sahwbp", "sahkvarh", "pemkwh")]
            assert mereka == kita, idpel
    assert not stack.berulang()
    assert not stack.sandbox("GET", "ringkasan")["pelanggaran"]
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
    aset_diperbarui(run, dikembalikan=2)


def peristiwa_aset(run: RunUji) -> list[dict[str, Any]]:
    """What a run says of the asset."""
    isi = run.stack.sebagai("admin").minta("GET", "assets/events", params={"source_run_id": run.id})
    return list(isi["asset_events"])


def aset_diperbarui(run: RunUji, *, dikembalikan: int) -> None:
    """Sukses updates the asset once, with the kelompok and its counts; the documents' example DAG starts from it."""
    (satu,), sesi = peristiwa_aset(run), run.sesi
    tempat = {nama: sesi[nama] for nama in ("unitup", "thblrek", "hari_baca")}
    assert (satu["name"], satu["source_task_id"]) == ("ap2t://pengesahan", "tutup_sesi")
    assert satu["partition_key"] == "|".join(tempat.values())
    tahan = len(ditahan(run.unitup, run.kode))
    lain = dict.fromkeys(("berubah", "ditolak", "dibatalkan"), 0)
    jumlah = {"disahkan": BARIS - tahan - dikembalikan, "ditahan": tahan, "dikembalikan": dikembalikan, **lain}
    assert satu["extra"] == {**tempat, "sesi": sesi["nomor"], **jumlah}

    def run_sesudahnya() -> list[tuple[str, str]]:
        isi = run.stack.sebagai("admin").minta("GET", f"dags/{SESUDAH}/dagRuns")["dag_runs"]
        return [(lain["partition_key"], lain["state"]) for lain in isi]

    tunggu(lambda: (satu["partition_key"], "success") in run_sesudahnya())
    assert all(kunci.startswith(f"{UNIT}|") for kunci, _ in run_sesudahnya())
    # what the others approve starts nothing more
    run.stack.sebagai("admin").minta("PATCH", f"dags/{SESUDAH}", json={"is_paused": True})


@serentak
def test_tolak(stack: StackUji) -> None:
    """Tolak ends the run as success, session DITOLAK, nothing posted; a second run does not start while it stands.

    Nor does it update the asset, however often its closing step succeeds.
    """
    run = RunUji(stack, UNIT, "B").matang()
    kedua = RunUji(stack, UNIT, "B", oleh=SPV_B)
    kedua.gagal("buka_sesi")
    assert run.id in stack.log(SPV_B, kedua.dag, kedua.id, "buka_sesi")
    run.kirim_jawaban("Tolak", isian={"catatan": "periksa lagi"})
    assert run.selesai()[0] == "success"
    assert run.tugas["posting_ap2t"] == "skipped"
    run.ulang(SPV, "persetujuan")  # nor is it asked again: what is cleared finds the session ended
    assert run.selesai()[0] == "success"
    assert run.sesi["status"] == "DITOLAK"
    assert {b["kodeposting"] for b in run.ap2t().values()} == {0}
    assert peristiwa_aset(run) == []


@serentak
def test_run_kedua_nihil(stack: StackUji) -> None:
    """SOP 12.1, rule 3, a clean end: after the first round only held customers are left; nothing is asked or sent."""
    RunUji(stack, UNIT, "G").sah()
    kini = RunUji(stack, UNIT, "G")
    keadaan, tugas = kini.selesai()
    assert keadaan == "success"
    assert {tugas[t] for t in ("persetujuan", "persetujuan_kedua", "posting_ap2t")} == {"skipped"}
    assert (kini.sesi["status"], kini.sesi["putaran"]) == ("NIHIL", 2)
    assert "Tidak ada yang perlu disahkan" in kini.klien.xcom(kini.dag, kini.id, "tutup_sesi")


@serentak
def test_masukan_salah(stack: StackUji) -> None:
    """Bad input fails at once with an Indonesian message that names what is wrong; no session is left open.

    What else can be wrong: test_isian_salah, without an Airflow.
    """
    kasus = [
        (SPV, {"unitup": UNIT2}, f"bukan petugas aktif unit {UNIT2}"),
        (SPV, {"unitup": UNIT, "thblrek": "202613"}, "202613"),
    ]
    run = [(u, stack.sebagai(u).mulai(dag("H"), **conf), cari) for u, conf, cari in kasus]
    for siapa, run_id, cari in run:
        assert stack.sebagai(siapa).tunggu_selesai(dag("H"), run_id) == "failed"
        assert cari in stack.log(siapa, dag("H"), run_id, "buka_sesi"), cari
    assert not stack.buku("SELECT 1 FROM pengesahan.sesi WHERE hari_baca = 'H'")


@serentak
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
