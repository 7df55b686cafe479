"""Attempts to post by what is handed in: forged XComs, connections, start forms and answers to the gate.

Each test first shows that Airflow stored what was forged (or refused it itself), then that it changed nothing.
"""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from sandbox.acmt_demo import idpel_demo
from tests.e2e.conftest import BARIS, StackUji, dag, serentak, tunggu
from tests.e2e.run_uji import RunUji

pytestmark = pytest.mark.e2e
UNIT = "54110"
SPV, SPV_B, VENDOR, ASING, OP, ADMIN = f"spv{UNIT}", f"spv{UNIT}b", f"vendor{UNIT}", "spv55210", "operator", "admin"


@contextmanager
def umpan() -> Iterator[tuple[int, list[Any]]]:
    """Listen on a port for whoever comes, HTTP or PostgreSQL."""
    tamu: list[Any] = []

    class Pencatat(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            tamu.append(self.client_address)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Pencatat) as peladen:
        threading.Thread(target=peladen.serve_forever, daemon=True).start()
        yield peladen.server_address[1], tamu
        peladen.shutdown()


def alihkan_koneksi(stack: StackUji, port: int) -> None:
    """Let all our connections point to a port, in Airflow's own database."""
    op, alamat = stack.sebagai(OP), {"port": port, "login": "x", "password": "sandi-umpan"}
    basis = {"conn_type": "postgres", "host": "127.0.0.1", "schema": "buku", **alamat}
    web = {"conn_type": "http", "host": f"http://127.0.0.1:{port}", **alamat}
    milik = {"cmt_db": basis, "acmt_db": basis, "ap2t_default": web, "airflow_api": web}
    milik |= {f"ap2t_{SPV}": web, f"ap2t_{SPV_B}": web}
    for conn_id, isi in milik.items():
        op.minta("POST", "connections", json={"connection_id": conn_id, **isi})
    tersimpan = {k["connection_id"]: k["port"] for k in op.minta("GET", "connections?limit=100")["connections"]}
    assert {c: tersimpan.get(c) for c in milik} == dict.fromkeys(milik, port)


@contextmanager
def hanya_di_airflow(stack: StackUji) -> Iterator[str]:
    """Make an ADMIN_CMT whose AP2T user stands in Airflow's database alone, with a login that AP2T would take."""
    baru = f"{SPV}c"
    milik = json.loads(stack.env[f"AIRFLOW_CONN_AP2T_{SPV.upper()}"])
    stack.sebagai(OP).minta(
        "POST",
        "connections",
        json={"connection_id": f"ap2t_{baru}", **{k: milik[k] for k in ("conn_type", "login", "password")}},
    )
    stack.acmt("INSERT INTO acmt_dasar.petugas VALUES (%s, 'X', null, 'ADMIN_CMT', %s, true)", baru, UNIT)
    try:
        yield baru
    finally:
        stack.acmt("DELETE FROM acmt_dasar.petugas WHERE username = %s", baru)


@serentak
def test_koneksi_dan_xcom_dipalsukan(stack: StackUji) -> None:
    """What stands in Airflow's database is believed nowhere: no connection of our names, no XCom, whoever wrote it."""
    with umpan() as (port, tamu), hanya_di_airflow(stack) as baru:
        alihkan_koneksi(stack, port)
        sumber, run = RunUji(stack, UNIT, "L"), RunUji(stack, UNIT, "I")
        sumber.sah()
        assert {b["oleh"] for b in sumber.ap2t().values() if b["kodeposting"]} == {SPV}
        penjaga = stack.sebagai(ADMIN).mulai("penjaga_sesi")
        assert stack.sebagai(ADMIN).tunggu_selesai("penjaga_sesi", penjaga) == "success"
        run.berdiri()
        assert {u["id"] for u in run.klien.gerbang(run.dag, run.id)["assigned_users"]} == {SPV, SPV_B}
        assert f"{baru} tidak ditanya: Koneksi ap2t_{baru} tidak ditemukan" in stack.log(
            SPV, run.dag, run.id, "persetujuan"
        )
        assert not tamu
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        tunggu(lambda: len(tamu) == 1)  # the decoy was there all the while
    # another session's number, digest and answer
    setuju = sumber.klien.xcom(sumber.dag, sumber.id, "persetujuan")
    assert setuju == "SETUJU"
    palsu = {"buka_sesi": sumber.sesi["nomor"], "rekap": sumber.sesi["sidik"], "persetujuan": setuju}
    for tugas, nilai in {**palsu, "persetujuan_kedua": setuju, "posting_ap2t": "TERPOSTING"}.items():
        run.xcom(OP, tugas, nilai)
    run.tandai(OP, "persetujuan")
    run.gagal("posting_ap2t")
    run.xcom(VENDOR, "persetujuan", {"chosen_options": ["Sah/Setuju"], "responded_by_user": {"id": SPV, "name": SPV}})
    run.ulang(VENDOR, "posting_ap2t")
    run.gagal("posting_ap2t")
    run.tandai(ASING, "posting_ap2t")
    run.gagal("rekonsiliasi")
    run.pastikan_nihil()
    run.ulang(SPV, "persetujuan")
    run.sah()
    assert {b["no_pengesahan"] for b in run.ap2t().values() if b["kodeposting"]} == {run.sesi["nomor"]}


def tersurat(stack: StackUji, kode: str) -> set[int]:
    """Which kodeposting the rows of a kelompok have in AP2T, over all units."""
    unit = ("54110", "55210", "41310")
    return {b["kodeposting"] for u in unit for b in stack.baris_ap2t(u, stack.bulan(u, kode), kode).values()}


@serentak
def test_isian_mulai_dipalsukan(stack: StackUji) -> None:
    """A hand-made conf opens no session: unknown keys, wrong types, SQL."""
    jalan = f"dags/{dag('H')}/dagRuns"
    di_pintu: list[dict[str, Any]] = [
        {"conf": {"unitup": [UNIT]}},
        {"conf": {"unitup": {"unitup": UNIT}}},
        {"conf": {"unitup": int(UNIT)}},
        {"conf": {"unitup": UNIT, "thblrek": 202606}},
        {"conf": {"unitup": UNIT, "thblrek": ["202606"]}},
        {"conf": {"unitup": UNIT, "tunggu_kesiapan": "ya"}},
        {"conf": {"unitup": UNIT}, "dag_run_id": "scheduled__2026-06-01T00:00:00+00:00"},
        {"conf": {"unitup": UNIT}, "dag_run_id": "operator_triggered__tiruan"},
        {"conf": {"unitup": UNIT}, "dag_run_id": "../../tiruan"},
    ]
    for isi in di_pintu:
        with pytest.raises(requests.HTTPError, match="400"):
            stack.sebagai(ASING).minta("POST", jalan, json={"logical_date": None, **isi})
    asing = {"hari_baca": "A", "sidik": "0" * 64, "oleh": SPV, "epoch": 9, "sesi": 1}
    # each alone, and whatever else can be wrong, without an Airflow: test_isian_asing_disebut, test_isian_salah
    isian: list[dict[str, Any]] = [asing, {"unitup": f"{UNIT}' OR '1'='1"}]
    runs = [RunUji(stack, UNIT, "H", conf=conf) for conf in isian]
    for run, conf in zip(runs, isian, strict=True):
        run.gagal("buka_sesi")
        assert conf.items() <= run.klien.minta("GET", run.jalan)["conf"].items()
    assert not stack.buku("SELECT 1 FROM pengesahan.sesi WHERE hari_baca = 'H'")
    assert tersurat(stack, "H") == {0}


@serentak
def test_bulan_lalu(stack: StackUji) -> None:
    """A past month that ACMT still has, but AP2T has closed, is not approved again."""
    bulan = stack.bulan(UNIT, "O")
    lalu = f"{int(bulan) - 1 if bulan[4:] != '01' else int(bulan) - 89}"
    stack.acmt(
        "INSERT INTO acmt_dasar.bacaan SELECT (r).* FROM (SELECT "
        "jsonb_populate_record(b, jsonb_build_object('thblrek', %s::text)) AS r "
        "FROM acmt_dasar.bacaan b WHERE unitup = %s AND hari_baca = 'O')",
        lalu,
        UNIT,
    )
    kelompok = {"unitup": UNIT, "thblrek": lalu, "hari_baca": "O"}
    baris = [{"idpel": i, **kelompok, "daya": 1300} for i in stack.baris_ap2t(UNIT, bulan, "O")]
    stack.sandbox("POST", "pelanggan", json={"baris": baris})
    stack.sandbox("POST", "periode", json={**kelompok, "terbuka": False})
    run = RunUji(stack, UNIT, "O", conf={"thblrek": lalu, "tunggu_kesiapan": False})
    run.gagal("kesiapan.fungsi2_terbuka")
    assert run.sesi["thblrek"] == lalu
    run.pastikan_nihil()


@serentak
def test_jawaban_bukan_haknya(stack: StackUji) -> None:
    """Who is not asked cannot answer; an option that was not offered is no answer; of two at once one counts."""
    run = RunUji(stack, UNIT, "M").berdiri()
    lain = (VENDOR, f"rangkap{UNIT}", ASING, "spv41310b", "auditor", ADMIN, OP)
    for siapa in lain:
        with pytest.raises(requests.HTTPError, match="403"):
            run.kirim_jawaban(oleh=siapa)
    for pilihan in (["Setuju"], ["Sah/Setuju", "Tolak"], ["Sah/Setuju", "Sah/Setuju"], []):
        with pytest.raises(requests.HTTPError, match=r"400|422"):
            run.kirim_jawaban(pilihan)
    tanpa_hak(run)
    assert not run.klien.gerbang(run.dag, run.id)["response_received"]
    tidak_diterima(run, {"_options": ["Sah/Setuju"], "catatan": None, "kembalikan": None})
    sidik = run.sesi["sidik"]
    tidak_diterima(run, {"sidik": sidik, "oleh": SPV_B, "urutan": 2, "unitup": UNIT, "kembalikan": []})
    dua_sekaligus(run)


def tanpa_hak(run: RunUji) -> None:
    """Without a login, or with a person's token where only tasks may answer."""
    ti = run.klien.minta("GET", f"{run.jalan}/taskInstances/persetujuan")["id"]
    token = {"Authorization": f"Bearer {next(iter(run.stack.token))}"}
    isi = {"chosen_options": ["Sah/Setuju"], "params_input": {}}
    alamat = run.stack.alamat
    pintu = f"{alamat}/api/v2/{run.jalan}/taskInstances/persetujuan/-1/hitlDetails"
    assert requests.patch(pintu, json=isi, timeout=30).status_code == 401
    pintu = f"{alamat}/execution/hitlDetails/{ti}"
    assert requests.patch(pintu, json={"ti_id": ti, **isi}, headers=token, timeout=30).status_code in (401, 403)


def tidak_diterima(run: RunUji, isian: dict[str, Any]) -> None:
    """Airflow stores the answer; it is not taken up, nothing is posted, and the gate may be asked again."""
    run.jawab(isian=isian)
    run.gagal("persetujuan")
    run.pastikan_nihil()
    assert run.sesi["status"] == "TERHENTI"
    run.ulang(SPV, "persetujuan")


def dua_sekaligus(run: RunUji) -> None:
    """Two people answer differently at the same moment; one counts, and AP2T, ledger and Airflow agree on which.

    Airflow 3.3.2 tells both that it took theirs, where the second came before the first was stored: the later stands.
    """
    run.klien.tunggu_gerbang(run.dag, run.id)
    bersama = threading.Barrier(2)

    def jawab(siapa: str, pilihan: str) -> int:
        klien = run.stack.sebagai(siapa)
        klien.keadaan(run.dag, run.id)  # so that both connections stand
        bersama.wait(timeout=30)
        try:
            klien.jawab(run.dag, run.id, pilihan)
        except requests.HTTPError as e:
            return e.response.status_code
        return 200

    with ThreadPoolExecutor(2) as kolam:
        kode = list(kolam.map(jawab, (SPV, SPV_B), ("Sah/Setuju", "Tolak")))
    assert sorted(kode) in ([200, 200], [200, 409])
    assert run.selesai()[0] == "success"
    gerbang = run.klien.gerbang(run.dag, run.id)
    setuju = gerbang["chosen_options"] == ["Sah/Setuju"]
    siapa = SPV if setuju else SPV_B
    assert gerbang["responded_by_user"]["id"] == siapa
    assert run.persetujuan() == [(1, "SETUJU" if setuju else "TOLAK", siapa, [])]
    assert run.sesi["status"] == ("SELESAI" if setuju else "DITOLAK")
    assert run.terposting() == (run.boleh() if setuju else set())


@serentak
def test_kembalikan_dipalsukan(stack: StackUji) -> None:
    """What is sent back must be a list of this session's customers, and the note a text; or nothing is approved."""
    run = RunUji(stack, UNIT, "N").berdiri()
    satu = sorted(run.boleh())[0]
    tidak_diterima(run, {"kembalikan": {"idpel": satu}})
    tidak_diterima(run, {"kembalikan": [satu, idpel_demo(UNIT, "M", 0, BARIS)]})
    tidak_diterima(run, {"kembalikan": [f"{n:012d}" for n in range(5000)]})
    tidak_diterima(run, {"catatan": {"teks": "x"}, "kembalikan": None})
    # the same customer thousands of times, with blanks between, is one customer
    run.sah(isian={"kembalikan": [satu, "", f" {satu} ", None] * 1000, "catatan": "sudah diperiksa"})
    assert run.dikembalikan() == {satu}
