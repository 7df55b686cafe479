"""Cancelling through a running Airflow: the form, the gate, AP2T, and the approval anew."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.rest import KlienAirflow
from tests.e2e.conftest import StackUji, ditahan, serentak
from tests.e2e.run_uji import RunUji
from tests.perintah import keluar

pytestmark = pytest.mark.e2e
DAG = "pembatalan_pengesahan"
UNIT = "54110"
SPV = f"spv{UNIT}"
ALASAN = "Salah baca di lapangan, berita acara 7"


def mulai(klien: KlienAirflow, stack: StackUji, kode: str, **lain: Any) -> str:
    """Start a cancellation of a kelompok, as the form does."""
    isi = {"unitup": UNIT, "thblrek": stack.bulan(UNIT, kode), "hari_baca": kode, "alasan": ALASAN, **lain}
    return klien.mulai(DAG, **isi)


def posting(stack: StackUji, kode: str) -> set[str]:
    """Customers of a kelompok at posting 1 in AP2T."""
    ap2t = stack.baris_ap2t(UNIT, stack.bulan(UNIT, kode), kode)
    return {i for i, b in ap2t.items() if b["kodeposting"] == 1}


@serentak
def test_dibatalkan_lalu_disahkan_lagi(stack: StackUji) -> None:
    """SOP 12.1, purpose 5: cancelled by list, then all, then approved again; the gate says how many, which rounds."""
    sah = RunUji(stack, UNIT, "C")
    sah.sah()
    semua = posting(stack, "C")
    klien = stack.sebagai(SPV)
    dua, asing = sorted(semua)[:2], "999990000001"
    run = mulai(klien, stack, "C", cakupan="daftar", idpel=[*dua, "", asing])
    klien.tunggu_gerbang(DAG, run)
    gerbang = klien.gerbang(DAG, run)
    assert sah.sesi["nomor"] in gerbang["body"]
    assert "kWh" not in gerbang["body"]
    assert asing not in gerbang["body"]
    assert set(gerbang["params"]) == {"catatan"}
    assert gerbang["options"] == ["Sah/Setuju", "Tolak"]
    # while it waits no other session of the kelompok opens, of either kind
    assert (
        klien.tunggu_selesai("pengesahan_hari_baca_c", klien.mulai("pengesahan_hari_baca_c", unitup=UNIT)) == "failed"
    )
    klien.jawab(DAG, run, "Sah/Setuju", catatan="sudah diperiksa")
    assert klien.tunggu_selesai(DAG, run) == "success"
    assert klien.xcom(DAG, run, "tutup_pembatalan").startswith("Sukses: 2 pelanggan dibatalkan")
    assert posting(stack, "C") == semua - set(dua)
    sesi = stack.sesi(run)
    assert (sesi["jenis"], sesi["status"], sesi["tahap"]) == ("PEMBATALAN", "SELESAI", "COCOK")

    semuanya = mulai(klien, stack, "C", cakupan="semua")
    klien.tunggu_gerbang(DAG, semuanya)
    klien.jawab(DAG, semuanya, "Sah/Setuju")
    assert klien.tunggu_selesai(DAG, semuanya) == "success"
    assert posting(stack, "C") == set()
    nihil = mulai(klien, stack, "C", cakupan="semua")
    assert klien.tunggu_selesai(DAG, nihil) == "success"
    assert klien.tugas(DAG, nihil)["batalkan_ap2t"] == "skipped"
    assert "Tidak ada yang dapat dibatalkan" in klien.xcom(DAG, nihil, "tutup_pembatalan")

    lagi = RunUji(stack, UNIT, "C")
    lagi.sah()
    assert lagi.sesi["putaran"] == 2
    assert posting(stack, "C") == semua == set(stack.baris_ap2t(UNIT, lagi.sesi["thblrek"], "C")) - ditahan(UNIT, "C")
    stack.audit()
    jejak = stack.ap2t("jejak", sesi["nomor"])
    keluar(jejak)
    assert "TIDAK_DAPAT_DIBATALKAN" in jejak.stdout


@serentak
def test_menandai_gerbang_tidak_membatalkan(stack: StackUji) -> None:
    """Invariant 1: whoever marks the waiting gate success cancels nothing; nor does an answer with kembalikan."""
    RunUji(stack, UNIT, "D").sah()
    semua = posting(stack, "D")
    klien = stack.sebagai(SPV)
    run = mulai(klien, stack, "D", cakupan="semua")
    klien.tunggu_gerbang(DAG, run)
    stack.sebagai("admin").minta(
        "PATCH", f"dags/{DAG}/dagRuns/{run}/taskInstances/persetujuan", json={"new_state": "success"}
    )
    assert klien.tunggu_selesai(DAG, run) == "failed"
    assert klien.tugas(DAG, run)["batalkan_ap2t"] == "failed"
    assert "bukan persetujuan" in stack.log(SPV, DAG, run, "batalkan_ap2t")
    assert posting(stack, "D") == semua
    assert stack.sesi(run)["status"] == "TERHENTI"

    baru = mulai(klien, stack, "D", cakupan="semua")  # takes the dead run's session over
    klien.tunggu_gerbang(DAG, baru)
    klien.jawab(DAG, baru, "Sah/Setuju", kembalikan=sorted(semua)[:1])
    assert klien.tunggu_selesai(DAG, baru) == "failed"
    assert stack.sesi(run)["status"] == "DIAMBIL_ALIH"
    assert posting(stack, "D") == semua


@serentak
def test_formulir_menolak(stack: StackUji) -> None:
    """The person has to choose the scope; what the form cannot refuse the run does, and says why; nothing is opened."""
    klien = stack.sebagai(SPV)
    for lain in ({}, {"cakupan": "Semua"}, {"cakupan": "semua", "alasan": "pendek"}):
        with pytest.raises(requests.HTTPError, match=r"4[0-9]{2}"):
            mulai(klien, stack, "E", **lain)
    for lain, sebab in (
        ({"cakupan": "daftar"}, "sedikitnya satu idpel"),
        ({"cakupan": "semua", "idpel": ["541100000001"]}, "tidak menerima daftar"),
        ({"cakupan": "semua", "thblrek": ""}, "thblrek"),
    ):
        run = mulai(klien, stack, "E", **lain)
        assert klien.tunggu_selesai(DAG, run) == "failed"
        assert sebab in stack.log(SPV, DAG, run, "buka_pembatalan")
        assert not stack.buku("SELECT 1 FROM pengesahan.sesi WHERE run_id = %s", run)
    asing = stack.sebagai("spv55210")
    run = mulai(asing, stack, "E", cakupan="semua")
    assert asing.tunggu_selesai(DAG, run) == "failed"
    assert "bukan petugas aktif" in stack.log("spv55210", DAG, run, "buka_pembatalan")
