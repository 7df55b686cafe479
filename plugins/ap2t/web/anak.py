"""The page's helper processes: our own modules, run as the api-server itself runs."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

_AKAR = Path(__file__).resolve().parents[2]


def perintah(modul: str, *argumen: str) -> list[str]:
    """Return the command that runs one of our modules."""
    return [sys.executable, "-m", modul, *argumen]


def lingkungan() -> dict[str, str]:
    """Return the environment it runs in."""
    jalan = os.pathsep.join(filter(None, (str(_AKAR), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": jalan}


@asynccontextmanager
async def berjalan(modul: str, *argumen: str, **pipa: Any) -> AsyncIterator[Process]:
    """Run one of our modules in the block, and kill it where it has not ended by then.

    :param pipa: as for ``asyncio.create_subprocess_exec``; what the module writes always comes through a pipe.
    """
    proses = await asyncio.create_subprocess_exec(*perintah(modul, *argumen), stdout=PIPE, env=lingkungan(), **pipa)
    try:
        yield proses
    finally:
        if proses.returncode is None:
            with suppress(ProcessLookupError):
                proses.kill()
        await proses.wait()
