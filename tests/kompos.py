"""docker-compose.yaml as Compose reads it: anchors and merges, ``${NAME:-default}`` filled in, ``$$`` back to ``$``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

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


def setelan_airflow(layanan: str) -> dict[str, str]:
    """Return the Airflow settings of a service."""
    env = kompos()["services"][layanan]["environment"]
    return {k: v for k, v in env.items() if k.startswith("AIRFLOW__")}
