"""deploy/helm/values.yaml: the settings of docker-compose.yaml, and no secret. The chart is not rendered here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.kompos import AKAR, kompos, setelan_airflow

ISI: dict[str, Any] = yaml.safe_load((AKAR / "deploy" / "helm" / "values.yaml").read_text())
KOMPOS = setelan_airflow("scheduler")
OLEH_CHART = {
    # the chart sets these itself: from the existing Secrets named in the file, or for its own pods
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD",
    "AIRFLOW__CELERY__BROKER_URL_CMD",
    "AIRFLOW__API__SECRET_KEY_CMD",
    "AIRFLOW__CORE__FERNET_KEY_CMD",
    "AIRFLOW__API_AUTH__JWT_SECRET_CMD",
    "AIRFLOW__CORE__EXECUTOR",
    "AIRFLOW__API__HOST",
    "AIRFLOW__API__PORT",
}
LAIN = {
    # addresses, and that a TLS ingress stands in front
    "AIRFLOW__API__BASE_URL",
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL",
    "AIRFLOW__FAB__COOKIE_SECURE",
    "AIRFLOW__FAB__ENABLE_PROXY_FIX",
}
BAGIAN = {
    "scheduler": ISI["scheduler"],
    "dag-processor": ISI["dagProcessor"],
    "triggerer": ISI["triggerer"],
    "worker": ISI["workers"]["celery"] | {"resources": ISI["workers"]["resources"]},
    "api-server": ISI["apiServer"],
}


def setelan_helm() -> dict[str, str]:
    """``config:`` as the environment variables it stands for."""
    return {f"AIRFLOW__{b}__{n}".upper(): v for b, isi in ISI["config"].items() for n, v in isi.items()}


def test_settings_are_those_of_compose() -> None:
    """The same settings, none missing and none more, but for addresses and what the chart sets itself."""
    helm = setelan_helm()
    assert set(helm) == set(KOMPOS) - OLEH_CHART
    assert {k: v for k, v in helm.items() if k not in LAIN} == {k: KOMPOS[k] for k in helm if k not in LAIN}
    assert ISI["executor"] == KOMPOS["AIRFLOW__CORE__EXECUTOR"]


def test_image_is_the_one_of_compose() -> None:
    layanan = kompos()["services"]["scheduler"]
    nama, tanda = layanan["image"].split(":")
    assert (ISI["defaultAirflowRepository"].rsplit("/", 1)[1], ISI["defaultAirflowTag"]) == (nama, tanda)
    (buku,) = ISI["migrateDatabaseJob"]["extraInitContainers"]
    assert buku["image"] == f"{ISI['defaultAirflowRepository']}:{tanda}"
    assert f"apache-airflow=={ISI['airflowVersion']}\n" in (AKAR / "requirements.txt").read_text()


def test_slots_of_the_workers_are_what_the_scheduler_gives_out() -> None:
    slot = ISI["workers"]["celery"]["replicas"] * int(ISI["config"]["celery"]["worker_concurrency"])
    assert ISI["config"]["core"]["parallelism"] == str(slot)
    assert ISI["workers"]["celery"]["terminationGracePeriodSeconds"] == 600


@pytest.mark.parametrize("nama", BAGIAN)
def test_part_is_bounded_and_sees_its_connections_only(nama: str) -> None:
    """Limits as in Compose; the page has its own, smaller file of connections."""
    isi, batas = BAGIAN[nama], kompos()["services"][nama]["deploy"]["resources"]["limits"]
    assert isi["resources"]["limits"] == {"cpu": batas["cpus"], "memory": f"{batas['memory']}i"}
    rahasia = {v["name"]: v["secret"]["items"] for v in isi["extraVolumes"] if "secret" in v}
    kunci = "koneksi_halaman.json" if nama == "api-server" else "koneksi.json"
    assert rahasia == {"koneksi": [{"key": kunci, "path": "koneksi"}]}
    assert "/run/secrets/koneksi" in ISI["config"]["secrets"]["backend_kwargs"]
    assert [m["mountPath"] for m in isi["extraVolumeMounts"]] == ["/run/secrets/koneksi", "/opt/airflow/segel"]


def nilai(isi: Any, jalan: str = "") -> Iterator[tuple[str, str]]:
    """Every value with its path."""
    if isinstance(isi, dict):
        for k, v in isi.items():
            yield from nilai(v, f"{jalan}.{k}")
    elif isinstance(isi, list):
        for v in isi:
            yield from nilai(v, jalan)
    else:
        yield jalan, str(isi)


def test_no_secret_and_no_preset_user() -> None:
    """Secrets are named, never given; the ledger's owner is known to the migration alone."""
    for jalan, teks in nilai(ISI):
        assert not re.search(r"(?i)(password|sandi|fernetKey|SecretKey|jwtSecret)$", jalan), jalan
        assert not re.search(r"://[^/]*:[^/]*@", teks), jalan
        if jalan.endswith("SecretName"):
            assert teks.startswith("ap2t-"), jalan
    assert ISI["createUserJob"]["defaultUser"] == {"enabled": False}
    assert not ISI["postgresql"]["enabled"]
    assert not ISI["redis"]["enabled"]
    pemilik = [j for j, teks in nilai(ISI) if teks == "AP2T_LEDGER_OWNER_URL"]
    assert pemilik == [".migrateDatabaseJob.extraInitContainers.env.name"]
