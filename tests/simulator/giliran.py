"""Batches in flight at once: threads of which one runs at a time, and the seed says which is next.

A turn ends where no connection of a database is in use and no lock is held: nobody waits for one who does not run.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ALL_COMPLETED, Future
from threading import Semaphore, Thread, get_ident
from typing import Any


class Sebaris(Iterator[Any]):
    """In the place of a stream's thread: drawn where it is asked for, so that a seed does the same each time."""

    def __init__(self, aliran: Iterator[Any], *_: object) -> None:
        self._aliran = aliran

    def __next__(self) -> Any:
        return next(self._aliran)

    def close(self) -> None:
        """Close what it draws."""
        if isinstance(self._aliran, Generator):
            self._aliran.close()


class Peserta:
    """Somebody who waits for a turn. ``boleh``: whether there is anything to do with it."""

    def __init__(self) -> None:
        self.giliran = Semaphore(0)
        self.boleh: Callable[[], bool] = lambda: True


class Kolam:
    """In the place of a thread pool. Of one worker, or within another pool, it works where work is handed in."""

    di_atas: Kolam | None = None

    def __init__(self, acak: random.Random, pekerja: int) -> None:
        self._acak, self._pekerja = acak, pekerja
        self._antre: deque[tuple[Peserta, Thread]] = deque()
        self._peserta: dict[int, Peserta] = {}
        self._semua: list[Future[Any]] = []

    def __enter__(self) -> Kolam:
        if self._pekerja > 1 and Kolam.di_atas is None:
            Kolam.di_atas = self
            self._peserta[get_ident()] = Peserta()
        return self

    def __exit__(self, *_: object) -> None:
        if Kolam.di_atas is self:
            self.tunggu(self._semua)
            Kolam.di_atas = None

    def submit(self, kerja: Callable[..., Any], *isi: Any) -> Future[Any]:
        """Do it, now or in a turn, and return what came or will come of it."""
        nanti: Future[Any] = Future()
        if Kolam.di_atas is not self:
            _kerjakan(nanti, kerja, isi)
            return nanti
        peserta = Peserta()

        def lari() -> None:
            peserta.giliran.acquire()
            _kerjakan(nanti, kerja, isi)
            del self._peserta[get_ident()]
            self._mulai()
            self._berikut().giliran.release()

        self._semua.append(nanti)
        self._antre.append((peserta, Thread(target=lari, daemon=True)))
        self._mulai()
        return nanti

    def _mulai(self) -> None:
        while self._antre and len(self._peserta) <= self._pekerja:
            peserta, utas = self._antre.popleft()
            utas.start()
            self._peserta[utas.ident or 0] = peserta

    def _berikut(self) -> Peserta:
        return self._acak.choice([satu for satu in self._peserta.values() if satu.boleh()])

    def oper(self) -> None:
        """End this thread's turn, and come back with the next one."""
        saya, lain = self._peserta[get_ident()], self._berikut()
        if lain is not saya:
            lain.giliran.release()
            saya.giliran.acquire()

    def tunggu(self, semua: Iterable[Future[Any]], return_when: str = ALL_COMPLETED) -> tuple[set[Any], set[Any]]:
        """Let the others work until all are done, or the first, as :func:`concurrent.futures.wait` does."""
        semua = set(semua)

        def cukup() -> bool:
            return not semua or (all if return_when == ALL_COMPLETED else any)(satu.done() for satu in semua)

        if not cukup():
            saya = self._peserta[get_ident()]
            saya.boleh = cukup
            self.oper()
            saya.boleh = lambda: True
        beres = {satu for satu in semua if satu.done()}
        return beres, semua - beres


def _kerjakan(nanti: Future[Any], kerja: Callable[..., Any], isi: tuple[Any, ...]) -> None:
    try:
        nanti.set_result(kerja(*isi))
    except BaseException as galat:
        nanti.set_exception(galat)
