"""A small bounded memory: what was worked out once is not worked out by every request."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from ap2t.galat import GalatPengesahan

T = TypeVar("T")
SABAR = 2.0
"""Seconds to wait for what another thread is working out."""


class MasihDicari(GalatPengesahan):
    """Another thread has been working it out for a while; its outcome will be there soon, or its error."""

    permanen = False


class _Butir(Generic[T]):
    def __init__(self) -> None:
        self.kunci = threading.Lock()
        self.isi: tuple[T, Hashable, float] | None = None


class Ingatan(Generic[T]):
    """Keeps the last ``maks`` values for ``detik`` seconds at most; one thread works a value out, others wait for it.

    :param maks: how many values. :param detik: after how many seconds a value is old.
    """

    def __init__(self, maks: int, detik: float) -> None:
        self.maks, self.detik = maks, detik
        self._butir: OrderedDict[Hashable, _Butir[T]] = OrderedDict()
        self._kunci = threading.Lock()

    def intip(self, nama: Hashable, cap: Hashable = None) -> T | None:
        """Return a value that is there, fresh and of this version, without waiting."""
        butir = self._butir.get(nama)
        return None if butir is None else self._segar(butir, cap)

    def ambil(self, nama: Hashable, buat: Callable[[], T], cap: Hashable = None) -> T:
        """Return the value of ``nama``, worked out anew where it is old or of another version.

        :param cap: the version; what was worked out for another one does not count.
        :raises MasihDicari: another thread has been at it for ``SABAR`` seconds.
        """
        with self._kunci:
            butir = self._butir.setdefault(nama, _Butir())
            self._butir.move_to_end(nama)
            while len(self._butir) > self.maks:
                self._butir.popitem(last=False)
        if not butir.kunci.acquire(timeout=SABAR):
            raise MasihDicari("Masih menunggu ACMT atau buku pengesahan.")
        try:
            ada = self._segar(butir, cap)
            if ada is None:
                ada = buat()
                butir.isi = (ada, cap, time.monotonic())
            return ada
        finally:
            butir.kunci.release()

    def ambil_atau_lama(self, nama: Hashable, buat: Callable[[], T]) -> tuple[T | None, str | None]:
        """Return what :meth:`ambil` would; where that fails what was worked out last, however old, and why."""
        try:
            return self.ambil(nama, buat), None
        except GalatPengesahan as galat:
            return self.terakhir(nama), str(galat)

    def terakhir(self, nama: Hashable) -> T | None:
        """Return what was worked out last, however old, without waiting."""
        butir = self._butir.get(nama)
        return butir.isi[0] if butir is not None and butir.isi is not None else None

    def _segar(self, butir: _Butir[T], cap: Hashable) -> T | None:
        isi = butir.isi
        if isi is None or isi[1] != cap or time.monotonic() - isi[2] > self.detik:
            return None
        return isi[0]
