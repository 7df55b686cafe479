"""A Chromium for whatever test wants one."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

_NAMA = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((p for n in _NAMA if (p := shutil.which(n))), None)
"""The first of these that is here: the shell is the same Chromium without what draws a window, and costs less."""
PAKAI_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and os.environ.get("CI") != "true", reason="tidak ada Chromium"),
]

SEKALIGUS = threading.BoundedSemaphore(3)
"""Browsers at once: tests run side by side, and the machine may have two cores."""


def pakai_chromium(uji: Callable[..., None]) -> Callable[..., None]:
    """Let one test be left out where there is no Chromium; CI must have one."""
    for tanda in PAKAI_CHROMIUM:
        uji = tanda(uji)
    return uji


@contextmanager
def peramban() -> Iterator[Browser]:
    """Start a Chromium, in the thread that calls."""
    assert CHROMIUM, "CI must have a Chromium (.ci/run installs it)"
    with SEKALIGUS, sync_playwright() as p:
        satu = p.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        yield satu
        satu.close()


def cacat_axe(page: Page) -> list[tuple[str, list[Any]]]:
    """What axe-core finds serious or critical, with where."""
    hasil = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(v["id"], [s["target"] for s in v["nodes"]]) for v in hasil if v["impact"] in ("serious", "critical")]
