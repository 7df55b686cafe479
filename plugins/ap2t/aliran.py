"""Streams that are drawn in a thread of their own, so that reading, judging and writing go on side by side."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress
from contextvars import copy_context
from itertools import islice
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar, cast

Isi = TypeVar("Isi")
_TENGOK = 0.1
"""Seconds between two looks whether what was drawn is still wanted."""
_AKHIR = object()


def potongan(aliran: Iterator[Isi], jumlah: int) -> Iterator[list[Isi]]:
    """Gather a stream's items, ``jumlah`` at a time."""
    return iter(lambda: list(islice(aliran, jumlah)), [])


def di_belakang(aliran: Iterator[Isi], *, dalam: int = 2, nama: str = "aliran") -> Generator[Isi, None, None]:
    """Draw a stream in a thread of this name, at most ``dalam`` items ahead. Its errors are raised here.

    Whoever stops before its end closes this generator. The stream is then closed by its own thread, once it has given
    its next item: whatever it waits for has to have a bound.
    """
    antrean: Queue[object] = Queue(dalam)
    cukup = Event()
    galat: list[BaseException] = []

    def taruh(satu: object) -> None:
        while not cukup.is_set():
            with suppress(Full):
                antrean.put(satu, timeout=_TENGOK)
                return

    def tarik() -> None:
        try:
            for satu in aliran:
                taruh(satu)
                if cukup.is_set():
                    break
            if isinstance(aliran, Generator):
                aliran.close()
        except BaseException as salah:  # also a killed process, as a test plays it
            galat.append(salah)
        taruh(_AKHIR)

    utas = Thread(target=copy_context().run, args=(tarik,), name=nama, daemon=True)
    utas.start()
    try:
        while (satu := antrean.get()) is not _AKHIR:
            yield cast("Isi", satu)
        if galat:
            raise galat[0]
    finally:
        cukup.set()
        utas.join()
