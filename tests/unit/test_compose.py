"""docker-compose.yaml: pinned, checked, without secrets, and with the embedded stack's Airflow settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ap2t import identitas, setelan
from sandbox.stack import KOMPONEN, TETAP

AKAR = Path(__file__).resolve().parents[2]
TEKS = (AKAR / "docker-compose.yaml").read_text()
ISI: dict[str, Any] = yaml.safe_load(TEKS)
LAYANAN: dict[str, dict[str, Any]] = ISI["services"]
SEKALI = {"init"}
LAIN_DI_KONTAINER = {"API__HOST": "0.0.0.0"}  # noqa: S104 -- inside its container; the port is published on loopback
RAHASIA = re.compile(r"PASSWORD$|SANDI|SECRET|_KEY$|_CONN|OWNER_URL|TOKEN")


def test_every_part_of_the_embedded_stack_is_there() -> None:
    assert {"postgres", "init", "sandbox", *KOMPONEN} == set(LAYANAN)
    assert all(LAYANAN[nama]["command"] == nama for nama in KOMPONEN)


@pytest.mark.parametrize("nama", LAYANAN)
def test_images_are_pinned(nama: str) -> None:
    citra = LAYANAN[nama]["image"]
    assert re.fullmatch(r"[a-z0-9./-]+:[0-9]+([.][0-9]+)+[a-z0-9.-]*", citra), citra
    if "build" in LAYANAN[nama]:
        dasar = re.findall(r"^FROM (\S+)$", LAYANAN[nama]["build"]["dockerfile_inline"], re.MULTILINE)
        assert dasar == ["apache/airflow:3.3.2-python3.11"]


def test_base_image_is_the_airflow_that_is_tested() -> None:
    assert "apache-airflow==3.3.2\n" in (AKAR / "requirements.txt").read_text()


@pytest.mark.parametrize("nama", LAYANAN)
def test_service_is_one_shot_or_has_a_health_check(nama: str) -> None:
    if nama in SEKALI:
        assert LAYANAN[nama]["restart"] == "no"
    else:
        assert LAYANAN[nama]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("nama", LAYANAN)
def test_no_literal_secret_and_no_default_password(nama: str) -> None:
    for kunci, nilai in LAYANAN[nama].get("environment", {}).items():
        if RAHASIA.search(kunci) and not kunci.endswith("_FILE"):
            assert re.search(r"\$\{[A-Z_]+:\?[^}]+\}", nilai), f"{nama}: {kunci}"
            assert ":-" not in nilai, f"{nama}: {kunci}"


def test_owner_of_the_ledger_is_known_to_init_only() -> None:
    assert [n for n, isi in LAYANAN.items() if "AP2T_LEDGER_OWNER_URL" in isi.get("environment", {})] == ["init"]


def test_page_can_only_read() -> None:
    """The api-server reads the ledger as the auditor's role, and holds nobody's AP2T user and no way to write."""
    api = LAYANAN["api-server"]
    koneksi = {k: v for k, v in api["environment"].items() if k.startswith("AIRFLOW_CONN_")}
    assert set(koneksi) == {"AIRFLOW_CONN_CMT_DB_AUDITOR"}
    assert '"login": "buku_auditor"' in koneksi["AIRFLOW_CONN_CMT_DB_AUDITOR"]
    assert [b.split(":")[0] for b in api["env_file"]] == ["${AP2T_BERKAS_KONEKSI_HALAMAN"]


@pytest.mark.parametrize("nama", [*KOMPONEN, "init"])
def test_airflow_settings_are_those_of_the_embedded_stack(nama: str) -> None:
    ada = {k: v for k, v in LAYANAN[nama]["environment"].items() if k.startswith("AIRFLOW__")}
    assert {f"AIRFLOW__{k}": LAIN_DI_KONTAINER.get(k, v) for k, v in TETAP.items()}.items() <= ada.items()


def test_users_live_in_fab_and_none_is_preset() -> None:
    """Real deployments log in through our FAB manager, in every part; no user and no password stands in the file."""
    for nama in (*KOMPONEN, "init"):
        env = LAYANAN[nama]["environment"]
        assert env["AIRFLOW__CORE__AUTH_MANAGER"] == identitas.FAB
        assert not [k for k in env if re.search(r"SIMPLE_AUTH|FAB__AUTH_ROLE|_WWW_USER", k)]
    assert "--password" not in TEKS


def test_code_is_mounted_read_only() -> None:
    for nama in (*KOMPONEN, "init"):
        kode = {v for v in LAYANAN[nama]["volumes"] if v.startswith("./")}
        assert kode == {f"./{f}:/opt/airflow/{f}:ro" for f in ("dags", "plugins", "include")}


def test_ports_are_published_on_loopback_only() -> None:
    porta = [p for isi in LAYANAN.values() for p in isi.get("ports", [])]
    assert porta
    assert all(p.startswith("127.0.0.1:") for p in porta)


def test_sandbox_is_a_profile() -> None:
    assert {n: isi["profiles"] for n, isi in LAYANAN.items() if "profiles" in isi} == {"sandbox": ["sandbox"]}


def test_settings_left_empty_mean_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    kosong = [k for k in LAYANAN["scheduler"]["environment"] if k.startswith("AP2T_")]
    assert kosong
    for k in kosong:
        monkeypatch.setenv(k, "")
    assert setelan.kelompok() == setelan.KELOMPOK_BAWAAN
    assert (setelan.ukuran_batch(), setelan.batch_serentak()) == (1000, 4)
    assert (setelan.jeda_tengok(), setelan.batas_tunggu_jam()) == (60, 72)


def test_volumes_and_configs_that_are_used_are_declared() -> None:
    bernama = {v.split(":")[0] for isi in LAYANAN.values() for v in isi.get("volumes", []) if not v.startswith(".")}
    assert bernama == set(ISI["volumes"])
    assert {c["source"] for isi in LAYANAN.values() for c in isi.get("configs", [])} == set(ISI["configs"])
