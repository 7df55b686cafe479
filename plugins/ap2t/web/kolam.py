"""The page waits in threads of its own, never in those that Airflow's own routes share.

Airflow answers heartbeats and gates in 40 threads. Every ``def`` route of the process would take one of them, so that a
system that hangs would stop Airflow through the page.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from ap2t.web.masalah import Masalah

Masukan = ParamSpec("Masukan")
Keluaran = TypeVar("Keluaran")
UTAS = 16
"""Threads of one api-server worker."""
SABAR = 1.0
"""Seconds that a request waits for a thread to be free."""
PENUH = "Terlalu banyak yang sedang dicari untuk halaman ini."


class Kolam:
    """A few threads. Who finds none free in time is refused instead of queueing up.

    :param utas: how many. :param sabar: seconds to wait for one.
    """

    def __init__(self, utas: int = UTAS, sabar: float = SABAR) -> None:
        self.sabar = sabar
        self._utas = ThreadPoolExecutor(utas, thread_name_prefix="halaman")

    async def jalankan(
        self, kerja: Callable[Masukan, Keluaran], *args: Masukan.args, **kwargs: Masukan.kwargs
    ) -> Keluaran:
        """Do something in one of the threads, and return what it returns. It goes on where the caller is cancelled.

        :raises Masalah: 503, none was free in time.
        """
        tugas = self._utas.submit(copy_context().run, partial(kerja, *args, **kwargs))
        hasil = asyncio.wrap_future(tugas)
        await asyncio.wait((hasil,), timeout=self.sabar)
        if not hasil.done() and tugas.cancel():  # what has begun cannot be cancelled
            raise Masalah(503, "PENUH", PENUH, tunggu=2)
        return await hasil


KOLAM = Kolam()
"""Of this process."""


class RuteKolam(APIRoute):
    """A route whose ``def`` runs in the page's own threads. ``aplikasi.py`` takes no other.

    :raises TypeError: something it depends on would run in the threads that Airflow's own routes share.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:
        super().__init__(path, _di_kolam(endpoint), **kwargs)
        for dependant in _dengan_bagian(self.dependant):
            if not (dependant.is_coroutine_callable or dependant.is_async_gen_callable):
                raise TypeError(f"{path}: {dependant.call} must be async; what waits in it goes through KOLAM.jalankan")


def _di_kolam(endpoint: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    if inspect.iscoroutinefunction(endpoint):
        return endpoint

    @wraps(endpoint)
    async def panggil(**argumen: Any) -> Any:
        return await KOLAM.jalankan(endpoint, **argumen)

    return panggil


def _dengan_bagian(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for bagian in dependant.dependencies:
        yield from _dengan_bagian(bagian)
