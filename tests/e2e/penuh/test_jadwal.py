"""The schedule in a running Airflow, turned on as a deployment does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import BARIS, KlienUji, StackUji, serentak, tunggu
from tests.e2e.halaman_uji import LAMA, Orang, pakai_chromium, peramban

pytestmark = pytest.mark.e2e
UNIT = ("41310", "54110", "55210")
JADWAL = "jadwal_hari_baca"
SIAP, BELUM = "HI", "J"
NYALA = threading.Lock()
STEMPEL = ("tgl_baca", "verif_pengawas_pada", "verif_vendor_pada", "kirim_pada", "diubah_pada")


@pytest.fixture(scope="module", autouse=True)
def berhenti(penuh: StackUji) -> Iterator[None]:
    """Turn the schedule off again, and end what it began: each gate that waits costs the scheduler."""
    yield
    admin = penuh.sebagai("admin")
    admin.minta("PATCH", f"dags/{JADWAL}", json={"is_paused": True})
    for run in chain.from_iterable(run_jadwal(penuh, kode) for kode in SIAP):
        admin.minta("PATCH", f"dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}", json={"state": "failed"})


def terjadwal(s: StackUji) -> KlienUji:
    """Turn the schedule on, once these kelompok alone are due; return the administrator."""
    admin = s.sebagai("admin")
    with NYALA:
        if admin.minta("GET", f"dags/{JADWAL}")["is_paused"]:
            _pindahkan_kalender(s)
            admin.minta("PATCH", f"dags/{JADWAL}", json={"is_paused": False})
    return admin


def _pindahkan_kalender(s: StackUji) -> None:
    """Let three kelompok be due: H two days ago, I yesterday, J today and not verified yet; all others next year."""
    s.acmt("UPDATE acmt_dasar.jadwal_hari_baca SET jumlah_hari = 400")
    for kode, hari in (("H", 2), ("I", 1), ("J", 0)):
        s.acmt(
            "UPDATE acmt_dasar.jadwal_hari_baca j "
            "SET tgl_mulai = (now() AT TIME ZONE u.zona_waktu)::date - %s, jumlah_hari = 1 "
            "FROM acmt_dasar.unit u WHERE u.unitup = j.unitup AND j.hari_baca = %s AND j.thblrek = ("
            "SELECT max(b.thblrek) FROM acmt_dasar.bacaan b WHERE b.unitup = j.unitup AND b.hari_baca = j.hari_baca)",
            hari,
            kode,
        )
    # read two days ago with all that followed: a reading of another week than the calendar's is held
    geser = ", ".join(f"{k} = {k} + (now() - interval '2 days' - tgl_baca)" for k in STEMPEL)
    s.acmt(f"UPDATE acmt_dasar.bacaan SET {geser} WHERE hari_baca IN ('H', 'I', 'J') AND tgl_baca > '2000-01-01'")  # noqa: S608
    s.acmt("UPDATE acmt_dasar.bacaan SET verif_vendor_oleh = NULL, verif_vendor_pada = NULL WHERE hari_baca = 'J'")


def run_jadwal(s: StackUji, kode: str) -> list[dict[str, Any]]:
    runs = s.sebagai("auditor").minta("GET", f"dags/pengesahan_hari_baca_{kode.lower()}/dagRuns")["dag_runs"]
    return [r for r in runs if r["dag_run_id"].startswith("operator_triggered__jadwal_")]


def sudah(s: StackUji) -> list[tuple[Any, ...]]:
    return s.buku("SELECT unitup, hari_baca FROM pengesahan.jadwal WHERE dibuka_pada IS NOT NULL ORDER BY 1, 2")


@serentak
def test_jadwal_membuka_sekali_dan_sampai_gerbang(s: StackUji) -> None:
    """The schedule opens every unit's ready kelompok once, nobody's name on it; a second look opens nothing."""
    terjadwal(s)
    tunggu(lambda: {(u, k) for u in UNIT for k in SIAP} <= set(sudah(s)), 400)
    for kode in SIAP:
        runs = run_jadwal(s, kode)
        assert len(runs) == 3
        assert {r["triggering_user_name"] for r in runs} == {None}
        assert {r["run_type"] for r in runs} == {"operator_triggered"}
    assert not run_jadwal(s, BELUM)
    klien = s.sebagai("spv54110")
    dag_id = "pengesahan_hari_baca_i"
    (run_id,) = [r["dag_run_id"] for r in run_jadwal(s, "I") if "_54110_" in r["dag_run_id"]]
    klien.tunggu_gerbang(dag_id, run_id)
    assert {u["id"] for u in klien.gerbang(dag_id, run_id)["assigned_users"]} == {"spv54110", "spv54110b"}
    sesi = s.sesi(run_id)
    assert (sesi["unitup"], sesi["hari_baca"], sesi["pemicu"]) == ("54110", "I", None)
    tengokan = s.buku("SELECT max(ditengok_pada) FROM pengesahan.jadwal")[0][0]
    sebelum = sudah(s)
    tunggu(lambda: s.buku("SELECT max(ditengok_pada) FROM pengesahan.jadwal")[0][0] > tengokan, 400)
    assert sudah(s) == sebelum
    assert [len(run_jadwal(s, k)) for k in SIAP + BELUM] == [3, 3, 0]
    dibuka = s.buku("SELECT isi ->> 'run_id' FROM pengesahan.jejak WHERE jenis = 'JADWAL_DIBUKA'")
    assert len(dibuka) == len(set(dibuka)) == 6


@pakai_chromium
@serentak
def test_halaman_menyebut_yang_jatuh_tempo(s: StackUji) -> None:
    """What is due and not open stands on the page with how many are missing; what the schedule opened does not."""
    terjadwal(s)
    tunggu(lambda: len(sudah(s)) >= 6, 400)
    with peramban() as satu:
        orang = Orang(s, satu, "spv54110")
        halaman = orang.buka("54110", s.bulan("54110", BELUM))
        baris = halaman.locator("tr.baris-kelompok").filter(has_text=f"Kelompok {BELUM}")
        expect(baris).to_contain_text("Jatuh tempo, belum lengkap", timeout=LAMA)
        expect(baris).to_contain_text(f"{BARIS} belum terverifikasi")
        expect(halaman.get_by_text("Jatuh tempo, belum lengkap")).to_have_count(1)
        orang.tanpa_keluhan()
        orang.konteks.close()


@serentak
def test_run_orang_hanya_uji_coba(s: StackUji) -> None:
    """By hand only a dry run: it tells what would be opened and what is missing, and changes nothing."""
    klien = terjadwal(s)
    tunggu(lambda: len(sudah(s)) >= 6, 400)
    sungguh = klien.mulai(JADWAL, uji_coba=False)
    assert klien.tunggu_selesai(JADWAL, sungguh) == "failed"
    assert "hanya boleh uji coba" in klien.log(JADWAL, sungguh, "tengok_jadwal")
    uji = klien.mulai(JADWAL)
    assert klien.tunggu_selesai(JADWAL, uji) == "success"
    log = klien.log(JADWAL, uji, "tengok_jadwal")
    assert "UJI COBA: tidak ada yang dibuka" in log
    assert "DITUNGGU (MENUNGGU) unit 54110" in log
    assert "belum terverifikasi" in log
    assert [len(run_jadwal(s, k)) for k in SIAP + BELUM] == [3, 3, 0]


def test_nama_run_jadwal_tidak_dapat_dipakai_orang(penuh: StackUji) -> None:
    """Airflow keeps the schedule's run ids for tasks: nobody can take one beforehand and so keep a unit closed."""
    thblrek = penuh.bulan("54110", BELUM)
    jawab = penuh.sebagai("spv41310")._sesi.post(
        f"{penuh.alamat}/api/v2/dags/pengesahan_hari_baca_j/dagRuns",
        json={
            "dag_run_id": f"operator_triggered__jadwal_54110_{thblrek}_{BELUM}",
            "logical_date": None,
            "conf": {"unitup": "41310"},
        },
        timeout=30,
    )
    assert jawab.status_code in (400, 422), jawab.text
    assert "reserved for operator_triggered" in jawab.text
