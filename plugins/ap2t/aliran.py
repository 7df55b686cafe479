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


class Aliran(Iterator[Isi]):
    """A stream that a thread draws (:func:`di_belakang`)."""

    def __init__(self, aliran: Iterator[Isi], dalam: int, nama: str) -> None:
        self._antrean: Queue[object] = Queue(dalam)
        self._cukup, self._galat = Event(), list[BaseException]()
        isi = aliran, self._antrean, self._cukup, self._galat
        self._utas: Thread | None = Thread(target=copy_context().run, args=(_tarik, *isi), name=nama, daemon=True)
        self._utas.start()

    def __next__(self) -> Isi:
        """Return the next item."""
        if self._utas is not None and (satu := self._antrean.get()) is not _AKHIR:
            return cast("Isi", satu)
        self.close()
        if self._galat:
            raise self._galat.pop()
        raise StopIteration

    def close(self) -> None:
        """Draw no more, and wait until the thread has noticed."""
        self._cukup.set()
        if self._utas is not None:
            self._utas.join()
        self._utas = None

    def __del__(self) -> None:
        """Let the thread of a stream that nobody closed end by itself."""
        self._cukup.set()


def di_belakang(aliran: Iterator[Isi], *, dalam: int = 2, nama: str = "aliran") -> Aliran[Isi]:
    """Draw a stream in a thread of this name from now on, at most ``dalam`` items ahead. Its errors are raised here.

    Whoever stops before its end closes what this returns. The stream is then closed by its own thread, once it has
    given its next item: whatever it waits for has to have a bound.
    """
    return Aliran(aliran, dalam, nama)


def _tarik(aliran: Iterator[object], antrean: Queue[object], cukup: Event, galat: list[BaseException]) -> None:
    """Draw a stream into a queue, until it ends or nobody wants more."""

    def taruh(satu: object) -> None:
        while not cukup.is_set():
            with suppress(Full):
                antrean.put(satu, timeout=_TENGOK)
                return

    try:
        for satu in aliran:
            taruh(satu)
            if cukup.is_set():
                break
        if isinstance(aliran, Generator | Aliran):
            aliran.close()
    except BaseException as salah:  # also a killed process, as a test plays it
        galat.append(salah)
    taruh(_AKHIR)
