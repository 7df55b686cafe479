"""Streams that are drawn in a thread of their own, so that reading, judging and writing go on side by side."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress
from contextvars import copy_context
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

Isi = TypeVar("Isi")
_TENGOK = 0.1
"""Seconds between two looks whether the other side still is there."""


def di_belakang(aliran: Iterator[Isi], *, dalam: int = 2) -> Generator[Isi, None, None]:
    """Draw a stream in a thread, at most ``dalam`` items ahead. Its errors are raised here.

    Whoever stops before its end closes this generator. The stream is then closed by its own thread, once it has given
    its next item: whatever it waits for has to have a bound.
    """
    penarik = _Penarik(aliran, dalam)
    try:
        yield from penarik.isi()
        if penarik.galat is not None:
            raise penarik.galat
    finally:
        penarik.berhenti()


class _Penarik(Generic[Isi]):
    """The thread that draws a stream."""

    def __init__(self, aliran: Iterator[Isi], dalam: int) -> None:
        self._aliran = aliran
        self._antrean: Queue[Isi] = Queue(dalam)
        self._cukup, self._habis = Event(), Event()
        self.galat: BaseException | None = None
        self._utas = Thread(target=copy_context().run, args=(self._tarik,), name="aliran", daemon=True)
        self._utas.start()

    def isi(self) -> Iterator[Isi]:
        """Return what was drawn, as it comes, up to the end or an error."""
        while not (self._habis.is_set() and self._antrean.empty()):
            with suppress(Empty):
                yield self._antrean.get(timeout=_TENGOK)

    def berhenti(self) -> None:
        """Draw no more, and wait until the stream is closed."""
        self._cukup.set()
        self._utas.join()

    def _tarik(self) -> None:
        try:
            for satu in self._aliran:
                self._taruh(satu)
                if self._cukup.is_set():
                    break
        except BaseException as galat:  # also a killed process, as a test plays it
            self.galat = galat
        finally:
            if isinstance(self._aliran, Generator):
                self._aliran.close()
            self._habis.set()

    def _taruh(self, satu: Isi) -> None:
        while not self._cukup.is_set():
            with suppress(Full):
                self._antrean.put(satu, timeout=_TENGOK)
                return
