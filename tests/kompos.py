"""docker-compose.yaml as Compose reads it: anchors and merges, ``${NAME:-default}`` filled in, ``$$`` back to ``$``.

``kompos`` reads it without Compose. ``kompos_asli`` asks Compose itself, where one is at hand, and a test holds the two
against each other: what the other tests say of the file is then true of what runs.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.perintah import keluar

AKAR = Path(__file__).resolve().parents[1]
TEKS = (AKAR / "docker-compose.yaml").read_text()
VARIABEL = re.compile(r"(?<!\$)\$\{([A-Z0-9_]+)(?::-((?:[^{}]|\{[^{}]*\})*))?\}")
"""A variable with, perhaps, a default that may itself hold one more."""


def isi(nilai: Any, lingkungan: Mapping[str, str]) -> Any:
    """Fill in variables everywhere below a value.

    :raises KeyError: a variable without default that ``lingkungan`` does not have.
    """
    if isinstance(nilai, dict):
        return {k: isi(v, lingkungan) for k, v in nilai.items()}
    if isinstance(nilai, list):
        return [isi(v, lingkungan) for v in nilai]
    if not isinstance(nilai, str):
        return nilai
    while m := VARIABEL.search(nilai):
        ganti = lingkungan.get(m[1]) or (lingkungan[m[1]] if m[2] is None else m[2])
        nilai = nilai[: m.start()] + ganti + nilai[m.end() :]
    return nilai.replace("$$", "$")


def kompos(**lingkungan: str) -> dict[str, Any]:
    """Return the file as Compose would run it with these variables in its environment."""
    hasil: dict[str, Any] = isi(yaml.safe_load(TEKS), lingkungan)
    return hasil


def _program() -> list[str] | None:
    """Return the command of a Compose 2.24 or newer: ``KOMPOS_UJI``, Docker's own plugin, or the program alone."""
    for calon in ([os.environ.get("KOMPOS_UJI", "")], ["docker", "compose"], ["docker-compose"]):
        if not shutil.which(calon[0]):
            continue
        hasil = subprocess.run([*calon, "version", "--short"], capture_output=True, text=True, check=False)
        angka = re.match(r"v?(\d+)[.](\d+)", hasil.stdout.strip())
        if angka and (int(angka[1]), int(angka[2])) >= (2, 24):
            return calon
    return None


PROGRAM = _program()


def kompos_asli(*pilihan: str, folder: Path = AKAR, **lingkungan: str) -> dict[str, Any]:
    """Return what Compose itself makes of the file: merged, filled in, with nothing to complain about.

    :param pilihan: options before ``config``, such as ``--profile sandbox``.
    :param folder: where the file is; a ``.env`` beside it is read there, but not the one of this checkout.
    """
    assert PROGRAM, "CI must have a Docker Compose (.ci/run unpacks one)"
    tanpa = ["--env-file", os.devnull] if folder == AKAR else []
    hasil = subprocess.run(
        [*PROGRAM, *tanpa, *pilihan, "config", "--format", "json"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **lingkungan},
        capture_output=True,
        text=True,
        check=False,
    )
    assert keluar(hasil).stderr == ""
    # `config` writes a file that can be read again: what was `$$` is doubled once more
    isi_asli: dict[str, Any] = json.loads(hasil.stdout.replace("$$", "$"))
    return isi_asli


def setelan_airflow(layanan: str) -> dict[str, str]:
    """Return the Airflow settings of a service."""
    env = kompos()["services"][layanan]["environment"]
    return {k: v for k, v in env.items() if k.startswith("AIRFLOW__")}
