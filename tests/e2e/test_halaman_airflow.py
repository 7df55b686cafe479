"""The page behind Airflow's own login: cookie, bearer, none, expired; and where it stands in Airflow's navigation."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import requests

from tests.e2e.conftest import StackUji, tunggu

pytestmark = pytest.mark.e2e
UNIT, SPV, LAIN = "54110", "spv54110", "spv41310"


def minta(stack: StackUji, jalan: str, **lain: Any) -> requests.Response:
    return requests.get(f"{stack.alamat}/pengesahan/{jalan}", timeout=60, allow_redirects=False, **lain)


def token(stack: StackUji, username: str) -> str:
    return str(stack.sebagai(username)._sesi.headers["Authorization"]).removeprefix("Bearer ")


@pytest.mark.filterwarnings("ignore:The HMAC key")  # the stack's own secret is short
def test_login_airflow(stack: StackUji) -> None:
    """Access is by Airflow's login only: as that very person, by cookie or bearer; nothing without, nothing expired."""
    spv = token(stack, SPV)
    for cara in ({"cookies": {"_token": spv}}, {"headers": {"Authorization": f"Bearer {spv}"}}):
        saya = minta(stack, "api/saya", **cara).json()
        assert (saya["username"], [u["unitup"] for u in saya["unit"]]) == (SPV, [UNIT])
        assert minta(stack, "", **cara).headers["content-type"].startswith("text/html")
    auditor = minta(stack, "api/saya", cookies={"_token": token(stack, "auditor")}).json()
    assert (auditor["peran"], auditor["boleh_bertindak"], len(auditor["unit"])) == ("AUDITOR", False, 3)

    isi = jwt.decode(spv, options={"verify_signature": False})
    lampau = {**isi, "exp": datetime.now(UTC) - timedelta(minutes=5)}
    kepala = jwt.get_unverified_header(spv)
    rahasia = stack.env["AIRFLOW__API_AUTH__JWT_SECRET"]
    kedaluwarsa = jwt.encode(lampau, rahasia, algorithm=kepala["alg"], headers=kepala)
    palsu = jwt.encode(isi, "x" * 64, algorithm=kepala["alg"], headers=kepala)
    for salah in (None, "bukan-token", kedaluwarsa, palsu):
        for cara in ({"cookies": {"_token": salah}}, {"headers": {"Authorization": f"Bearer {salah}"}}):
            cara = cara if salah else {}
            for jalan in ("api/saya", "statis/halaman.html", "docs", "openapi.json"):
                jawab = minta(stack, jalan, **cara)
                assert (jawab.status_code, jawab.json()["kode"]) == (401, "BELUM_MASUK"), (salah, jalan)
            ke_login = minta(stack, "", **cara)
            assert (ke_login.status_code, "login?next=%2Fpengesahan%2F" in ke_login.text) == (401, True)
    [alamat] = re.findall(r'href="([^"]+)"', minta(stack, "").text)
    masuk = requests.get(f"{stack.alamat}{alamat}", timeout=30, allow_redirects=False)
    assert masuk.headers["location"].endswith("/auth/login?next=%2Fpengesahan%2F")  # Airflow takes it as a safe address

    lain = minta(stack, f"api/unit/{UNIT}/202606/kelompok", cookies={"_token": token(stack, LAIN)})
    assert (lain.status_code, lain.json()["kode"]) == (403, "UNIT_LAIN")
    for tanpa_peran in ("op", "admin", "operator", "penyalin", f"vendor{UNIT}"):
        jawab = minta(stack, "api/saya", cookies={"_token": token(stack, tanpa_peran)})
        assert (jawab.status_code, jawab.json()["kode"]) == (403, "TANPA_PERAN"), tanpa_peran


def test_di_navigasi(stack: StackUji) -> None:
    """The page stands in Airflow's own navigation, and as a tab of a run."""
    plugin = stack.sebagai(SPV).minta("GET", "plugins")["plugins"]
    [kita] = [p for p in plugin if p["name"] == "ap2t"]
    assert {v["destination"]: v["href"] for v in kita["external_views"]} == {
        "nav": "pengesahan/",
        "dag_run": "pengesahan/#/run/{DAG_ID}/{RUN_ID}",
    }


def test_log_tanpa_pencarian(stack: StackUji) -> None:
    """What is searched for may be a name: Airflow's access log holds addresses, and must not hold that."""
    kunci = {"_token": token(stack, SPV)}
    bulan = minta(stack, "api/saya", cookies=kunci).json()["unit"][0]["bulan_kini"]
    jalan = f"api/unit/{UNIT}/{bulan}/pelanggan"
    assert minta(stack, jalan, cookies=kunci, headers={"X-Cari": "SITI%20RAHASIA"}).status_code == 200
    log = stack.folder / "log" / "api-server.log"
    tunggu(lambda: jalan in log.read_text())  # the line is written after the answer has gone
    assert "RAHASIA" not in log.read_text()
