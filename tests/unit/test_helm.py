"""deploy/helm/values.yaml: the settings of docker-compose.yaml, no secret, and only keys that the chart reads.

The chart is not rendered here: tests/integration/ledger/test_penerapan.py renders a miniature, ``make helm`` the
real one.
"""

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
    # the folder of connections is mounted, not the file
    "AIRFLOW__SECRETS__BACKEND_KWARGS",
}
BAGIAN = {
    "scheduler": ISI["scheduler"],
    "dag-processor": ISI["dagProcessor"],
    "triggerer": ISI["triggerer"],
    "worker": ISI["workers"]["celery"],
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
    rahasia = {v["name"]: v["secret"]["items"] for v in isi.get("extraVolumes", []) if "secret" in v}
    kunci = {"api-server": "koneksi_halaman.json", "scheduler": None}.get(nama, "koneksi.json")
    assert rahasia == ({"koneksi": [{"key": kunci, "path": "koneksi"}]} if kunci else {})
    assert ISI["config"]["secrets"]["backend_kwargs"] == '{"berkas": "/run/secrets/ap2t/koneksi"}'
    koneksi = {"name": "koneksi", "mountPath": "/run/secrets/ap2t", "readOnly": True}  # a subPath is never renewed
    segel = {"name": "segel", "mountPath": "/opt/airflow/segel", **({} if nama == "worker" else {"readOnly": True})}
    assert isi.get("extraVolumeMounts", []) == ([koneksi, segel] if kunci else [])


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
    assert not ISI["postgresql"]["enabled"]
    assert not ISI["redis"]["enabled"]
    pemilik = [j for j, teks in nilai(ISI) if teks == "AP2T_LEDGER_OWNER_URL"]
    assert pemilik == [".migrateDatabaseJob.extraInitContainers.env.name"]


TANPA_TOKEN = {"automountServiceAccountToken": False}
KUNCI: dict[str, Any] = {
    # what the chart's templates read, and what each does there (docs/pengelola/diperiksa.md: which chart)
    "createUserJob": {"enabled": False},  # the job's template asks this key alone; true: an Admin admin/admin
    "allowPodLaunching": False,  # true: a Role to create pods and exec into them, for workers and triggerer
    "statsd": {"enabled": False},
    "enableServiceLinks": False,
    "enableBuiltInSecretEnvVars": {"AIRFLOW_CONN_AIRFLOW_DB": False},
    "networkPolicies.enabled": True,  # then the next is needed: a policy without `from` refuses everybody
    "apiServer.networkPolicy.ingress.from": [
        {"podSelector": {"matchLabels": {"tier": "airflow", "release": "ap2t"}}},
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}}},
    ],
    "migrateDatabaseJob.useHelmHooks": False,  # true: its hooks win over jobAnnotations
    "migrateDatabaseJob.jobAnnotations": {
        "helm.sh/hook": "post-install,pre-upgrade",
        "helm.sh/hook-weight": "1",
        "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
    },
    "scheduler.logGroomerSidecar.retentionDays": 90,  # the chart's own: 15, in each of three parts
    "dagProcessor.logGroomerSidecar": {"enabled": False},
    "triggerer.logGroomerSidecar": {"enabled": False},
    "workers.celery.podDisruptionBudget": {"enabled": True, "config": {"maxUnavailable": 1}},
    "workers.celery.args": ["bash", "-c", "exec airflow celery worker --skip-serve-logs"],
    "workers.celery.persistence": {"enabled": False},  # a Deployment
    "apiServer.args": ["bash", "-c", "exec airflow api-server --proxy-headers"],
    "apiServer.env": [{"name": "FORWARDED_ALLOW_IPS", "value": "*"}],
    "logs.persistence.annotations": {"helm.sh/resource-policy": "keep"},
    "securityContexts.pod": {
        "runAsUser": 50000,
        "runAsNonRoot": True,
        "fsGroup": 0,
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    },
    **{
        f"{b}.serviceAccount": TANPA_TOKEN
        for b in ("scheduler", "dagProcessor", "triggerer", "workers.celery", "apiServer", "migrateDatabaseJob")
    },
}
MATI = (
    # named by the chart's schema, read by no template, or only until a later chart
    "createUserJob.defaultUser",
    "workers.resources",
    "workers.podDisruptionBudget",
    "workers.replicas",
    "webserver",
    "scheduler.podDisruptionBudget",  # one replica: it would protect nothing
    "apiServer.podDisruptionBudget",
)


def di(jalan: str) -> Any:
    """What stands at a path, or None."""
    isi: Any = ISI
    for langkah in jalan.split("."):
        isi = isi.get(langkah) if isinstance(isi, dict) else None
    return isi


@pytest.mark.parametrize("jalan", KUNCI)
def test_key_that_the_chart_reads_says_what_is_meant(jalan: str) -> None:
    assert di(jalan) == KUNCI[jalan]


@pytest.mark.parametrize("jalan", MATI)
def test_no_key_that_does_nothing(jalan: str) -> None:
    assert di(jalan) is None


def test_every_container_of_ours_is_bounded_and_may_do_nothing_more() -> None:
    """The chart's defaults do not reach an init container that is given to it whole."""
    job = ISI["migrateDatabaseJob"]
    (buku,) = job["extraInitContainers"]
    assert buku["securityContext"] == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    for isi in (buku, job, ISI["scheduler"]["logGroomerSidecar"]):
        assert set(isi["resources"]["limits"]) == {"cpu", "memory"}


def test_what_a_deployment_has_to_fill_in_is_named() -> None:
    """Without these a claim stays pending, and with it every pod, or nobody takes the ingress."""
    assert ISI["logs"]["persistence"]["storageClassName"]
    assert ISI["ingress"]["apiServer"]["ingressClassName"]
    assert ISI["executor"] == "CeleryExecutor"
    assert "KubernetesExecutor" not in (AKAR / "deploy" / "helm" / "values.yaml").read_text()
