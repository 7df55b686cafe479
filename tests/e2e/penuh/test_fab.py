"""The gate under FAB: our auth manager and its roles, as real deployments run it."""

from __future__ import annotations

import json
import re
from typing import Any
from zipfile import ZipFile

import pytest
import requests
from playwright.sync_api import expect

from ap2t.auth.peran import AUDITOR, PERAN
from tests.e2e.conftest import StackUji, atur_pola, dag, serentak
from tests.e2e.halaman_uji import (
    LAMA,
    Orang,
    berakhir,
    buka_gerbang,
    jawab,
    pakai_chromium,
    peramban,
    siap_dijawab,
    tekan,
)
from tests.e2e.run_uji import RunUji

pytestmark = pytest.mark.e2e
UNIT = "54110"
SPV, SPV_B, SPV_LAIN, VENDOR = f"spv{UNIT}", f"spv{UNIT}b", "spv41310", f"vendor{UNIT}"
"""What the photo server of ACMT would send: it is nobody's here."""
BUKAN_PENJAWAB = "403.*is not a respondent"


def ubah_orang(fab: StackUji, username: str, **isi: Any) -> None:
    """Let the administrator change some of a person's fields."""
    jawaban = requests.patch(
        f"{fab.alamat}/auth/fab/v1/users/{username}",
        params={"update_mask": ",".join(isi)},
        headers=fab.sebagai("admin")._sesi.headers,
        json=isi,
        timeout=30,
    )
    assert jawaban.status_code == 200, jawaban.text


def ditolak(fab: StackUji, siapa: str, metode: str, jalan: str, **isi: Any) -> None:
    with pytest.raises(requests.HTTPError, match="403"):
        fab.sebagai(siapa).minta(metode, jalan, json=isi or None)


@serentak
def test_hanya_spv_te_unit_menjawab(fab: StackUji) -> None:
    """Invariants 1 and 7: the unit's SPV TE answers as themselves, Admin is no exception, a role withdrawn ends it."""
    ubah_orang(fab, SPV, first_name=SPV_B, last_name=SPV_B)  # names can be edited, and nobody is known by one
    run = RunUji(fab, UNIT, "K").matang()
    assert {u["id"] for u in run.klien.gerbang(run.dag, run.id)["assigned_users"]} == {SPV, SPV_B}
    for siapa in (VENDOR, "auditor", "penyalin", "operator"):
        with pytest.raises(requests.HTTPError, match="403"):
            run.kirim_jawaban(oleh=siapa)
    for siapa in (SPV_LAIN, "op", "admin"):  # these may answer gates in general: it is our manager that refuses
        with pytest.raises(requests.HTTPError, match=BUKAN_PENJAWAB):
            run.kirim_jawaban(oleh=siapa)
    fab.sebagai(SPV_B).gerbang(run.dag, run.id)  # FAB now remembers them with their role
    ubah_orang(fab, SPV_B, roles=[{"name": AUDITOR}])
    with pytest.raises(requests.HTTPError, match=BUKAN_PENJAWAB):
        run.kirim_jawaban(oleh=SPV_B)
    run.kirim_jawaban()
    oleh = run.klien.gerbang(run.dag, run.id)["responded_by_user"]
    assert (oleh["id"].isdigit(), oleh["name"]) == (True, SPV)
    assert run.klien.minta("GET", run.jalan)["triggering_user_name"] == SPV
    run.berhasil()
    assert run.sesi["pemicu"] == SPV
    assert [(j[1], j[2]) for j in run.persetujuan()] == [("SETUJU", SPV)]
    assert {b["oleh"] for b in run.ap2t().values() if b["kodeposting"] == 1} == {SPV}


@serentak
def test_gerbang_ditandai_pengelola(fab: StackUji) -> None:
    """An SPV TE marks, clears, edits and pauses nothing; PENGELOLA may mark the gate, and nothing is posted."""
    run = RunUji(fab, UNIT, "L").matang()
    jalan = run.jalan
    ulang = {"dry_run": False, "dag_run_id": run.id, "task_ids": ["persetujuan"], "only_failed": False}
    for siapa in (SPV, VENDOR, "auditor"):
        ditolak(fab, siapa, "PATCH", f"{jalan}/taskInstances/persetujuan", new_state="success")
        ditolak(fab, siapa, "POST", f"dags/{dag('L')}/clearTaskInstances", **ulang)
        ditolak(fab, siapa, "PATCH", jalan, state="success")
        ditolak(fab, siapa, "DELETE", jalan)
        ditolak(fab, siapa, "PATCH", f"dags/{dag('L')}", is_paused=True)
        ditolak(fab, siapa, "POST", f"{jalan}/taskInstances/rekap/xcomEntries", key="x", value=1)
    assert run.tugas["persetujuan"] == "awaiting_input"

    run.tandai("operator", "persetujuan")
    run.gagal("posting_ap2t")
    assert run.tugas["persetujuan"] == "success"
    run.pastikan_nihil()
    assert run.sesi["status"] == "TERHENTI"

    # a request about many runs: Airflow's list hides its event, the copier's user may ask for it all the same
    sasaran = {"dag_id": dag("L"), "dag_run_id": run.id, "note": "x"}
    banyak = {"actions": [{"action": "update", "entities": [sasaran]}]}
    fab.sebagai("operator").minta("PATCH", "dags/~/dagRuns", json=banyak)
    penjaga = fab.sebagai("admin").mulai("penjaga_sesi")
    assert fab.sebagai("admin").tunggu_selesai("penjaga_sesi", penjaga) == "success"
    sql = "SELECT pelaku FROM pengesahan.jejak WHERE isi ->> 'peristiwa' = 'bulk_dag_runs'"
    assert fab.buku(sql) == [("operator",)]
    pelaku = fab.buku("SELECT DISTINCT pelaku FROM pengesahan.jejak WHERE isi ->> 'peristiwa' = 'trigger_dag_run'")
    assert {SPV} <= {p for (p,) in pelaku} <= set(fab.sandi)


def test_peran_hanya_untuk_tugasnya(penuh: StackUji) -> None:
    """Least privilege: who may start, who may see what; the service user reads the event log and nothing else."""
    mulai = {"logical_date": None, "conf": {"unitup": UNIT}}
    for siapa in (VENDOR, "auditor", "penyalin", "operator"):
        ditolak(penuh, siapa, "POST", f"dags/{dag('A')}/dagRuns", **mulai)
    # one backfill of the watch would be thousands of runs
    ditolak(penuh, SPV, "POST", "dags/penjaga_sesi/dagRuns", logical_date=None)
    masa = {"from_date": "2026-01-01T00:00:00Z", "to_date": "2026-11-01T00:00:00Z"}
    for jalan in ("backfills", "backfills/dry_run"):
        ditolak(penuh, SPV, "POST", jalan, dag_id="penjaga_sesi", **masa)
    for siapa in (SPV, "auditor", "penyalin", "operator"):
        for rahasia in ("connections", "variables", "config"):
            ditolak(penuh, siapa, "GET", rahasia)
    ditolak(penuh, SPV, "GET", "eventLogs")
    ditolak(penuh, "penyalin", "GET", f"dags/{dag('A')}/dagRuns")
    for siapa in ("auditor", "penyalin"):
        assert penuh.sebagai(siapa).minta("GET", f"eventLogs?dag_id={dag('A')}")["total_entries"]
    assert json.loads(penuh.env["AIRFLOW_CONN_AIRFLOW_API"])["password"] == penuh.sandi["penyalin"]
    for peran in PERAN:
        isi = requests.get(
            f"{penuh.alamat}/auth/fab/v1/roles/{peran}", headers=penuh.sebagai("admin")._sesi.headers, timeout=30
        ).json()
        assert {(a["action"]["name"], a["resource"]["name"]) for a in isi["actions"]} == PERAN[peran]


def test_halaman_pengesahan(penuh: StackUji) -> None:
    """The page under FAB: AUDITOR sees every unit, an SPV TE their own, others nothing; the roles suffice."""

    def saya(siapa: str) -> tuple[int, Any]:
        jawab = requests.get(
            f"{penuh.alamat}/pengesahan/api/saya", headers=penuh.sebagai(siapa)._sesi.headers, timeout=60
        )
        return jawab.status_code, jawab.json()

    status, isi = saya(SPV)
    assert (status, isi["peran"], [u["unitup"] for u in isi["unit"]]) == (200, "SPV_TE", [UNIT])
    assert isi["username"] == SPV  # FAB's id of a person is a number
    status, isi = saya("auditor")
    assert (status, isi["peran"], isi["boleh_bertindak"], len(isi["unit"])) == (200, "AUDITOR", False, 3)
    for siapa, kode in ((VENDOR, "TANPA_HALAMAN"), ("admin", "TANPA_PERAN"), ("operator", "TANPA_PERAN")):
        status, isi = saya(siapa)
        assert (status, isi["kode"]) == (403, kode), siapa
    status, isi = saya("penyalin")
    assert (status, isi["kode"]) == (403, "TANPA_HALAMAN")
    muka = requests.get(f"{penuh.alamat}/pengesahan/", timeout=60, allow_redirects=False)
    assert (muka.status_code, "next=%2Fairflow%2Fpengesahan%2F" in muka.text) == (401, True)


@pakai_chromium
@serentak
def test_dua_pengesah_di_halaman(fab: StackUji) -> None:
    """Two approvers on the page, each by a link and FAB's login; with a deadline, a sample to inspect, photo, XLSX."""
    unit, kode = "41310", "A"
    satu, dua, jam = f"spv{unit}", f"spv{unit}b", {"batas_jawab_jam": "12", "eskalasi": [f"manajer{unit}"]}
    atur_pola(fab, unit, persetujuan_kedua=True, sampel="5", **jam)
    run, bulan = RunUji(fab, unit, kode), fab.bulan(unit, kode)
    run.berdiri()
    with peramban() as chromium:
        pertama, kedua = Orang(fab, chromium, None), Orang(fab, chromium, None)
        page = pertama.buka(unit, bulan, kode)
        pertama.masuk(satu)  # and lands where the link led
        siap_dijawab(page)
        expect(page.get_by_text(f"Ditanyakan kepada {satu}, {dua}")).to_contain_text("Tenggat")
        page.get_by_role("button", name="Sampel pemeriksaan 5").click()
        expect(page.locator(".tabel-baris tbody tr")).to_have_count(5)
        page.get_by_role("button", name=re.compile("^Periksa [0-9]{12}")).first.click()
        gambar = page.get_by_role("dialog").locator(".foto-besar img")
        expect(gambar).not_to_have_js_property("naturalWidth", 0)  # the demo's own server has it
        page.keyboard.press("Escape")
        expect(page.locator(".akibat")).to_contain_text("sesudah pengesah kedua setuju")
        pertama.potret("halaman-dua-pengesah")
        jawab(page)
        expect(page.get_by_text(f"Persetujuan kedua ditanyakan kepada {dua}")).to_be_visible(timeout=LAMA)
        expect(page.get_by_role("button", name="Sah/Setuju")).to_have_count(0)  # nobody is both
        assert not run.terposting()
        layar = kedua.buka(unit, bulan, kode)
        kedua.masuk(dua)
        expect(layar.get_by_text(f"{satu},").locator("visible=true").first).to_be_visible(timeout=LAMA)
        jawab(layar)
        for tempat in (layar, page):
            berakhir(tempat, "Sukses")
        assert [(j[1], j[2]) for j in run.persetujuan()] == [("SETUJU", satu), ("SETUJU", dua)]
        assert {b["oleh"] for b in run.ap2t().values() if b["kodeposting"] == 1} == {dua}
        kedua.buka(unit, bulan, "pelanggan")
        layar.get_by_role("button", name="Sudah disahkan").click()
        expect(layar.locator(".tabel-pelanggan tbody tr")).not_to_have_count(0, timeout=60_000)
        with layar.expect_download() as unduhan:
            layar.get_by_role("button", name="XLSX").click()
        with ZipFile(unduhan.value.path()) as buku:
            isi = "".join(buku.read(n).decode() for n in buku.namelist() if n.endswith(".xml"))
        assert {i for i in run.ap2t() if i in isi} == run.terposting()
        pertama.tanpa_keluhan()


@pakai_chromium
@serentak
def test_sah_setuju_lewat_peramban(fab: StackUji) -> None:
    """SOP 12.1, steps 4 to 8 under FAB: log in on its page, read the rekap at the gate, press Sah/Setuju."""
    run = RunUji(fab, UNIT, "C").matang()
    galat: list[str] = []
    with peramban() as chromium:
        orang = Orang(fab, chromium, None)
        orang.page.on("response", lambda r: galat.append(r.url) if r.status in (403, 404) or r.status >= 500 else None)
        tekan(buka_gerbang(orang, run, SPV))
    run.berhasil()
    assert [(j[1], j[2]) for j in run.persetujuan()] == [("SETUJU", SPV)]
    assert not galat
