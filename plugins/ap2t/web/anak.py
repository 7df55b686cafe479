"""How the api-server starts the page's helper processes: as itself, with our code on the path."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_AKAR = Path(__file__).resolve().parents[2]


def perintah(modul: str, *argumen: str) -> list[str]:
    """Return the command that runs one of our modules."""
    return [sys.executable, "-m", modul, *argumen]


def lingkungan() -> dict[str, str]:
    """Return the environment it runs in."""
    jalan = os.pathsep.join(filter(None, (str(_AKAR), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": jalan}
