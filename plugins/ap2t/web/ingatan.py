"""A small bounded memory: what was worked out once is not worked out by every request."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


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
        """
        with self._kunci:
            butir = self._butir.setdefault(nama, _Butir())
            self._butir.move_to_end(nama)
            while len(self._butir) > self.maks:
                self._butir.popitem(last=False)
        with butir.kunci:
            ada = self._segar(butir, cap)
            if ada is None:
                ada = buat()
                butir.isi = (ada, cap, time.monotonic())
            return ada

    def _segar(self, butir: _Butir[T], cap: Hashable) -> T | None:
        isi = butir.isi
        if isi is None or isi[1] != cap or time.monotonic() - isi[2] > self.detik:
            return None
        return isi[0]
