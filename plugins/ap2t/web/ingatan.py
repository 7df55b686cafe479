"""A small bounded memory: what was worked out once is not worked out by every request."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

from ap2t.galat import GalatPengesahan

Isi = TypeVar("Isi")
SABAR = 2.0
"""Seconds to wait for what another thread is working out."""


class MasihDicari(GalatPengesahan):
    """Another thread has been working it out for a while. Its outcome will be there soon, or its error."""

    permanen = False


class _Simpanan(NamedTuple, Generic[Isi]):
    """A value, its version, and when it was worked out (monotonic clock)."""

    isi: Isi
    cap: Hashable
    pada: float


class _Butir(Generic[Isi]):
    """A place in the memory. The thread that works its value out holds its lock."""

    def __init__(self) -> None:
        self.kunci = threading.Lock()
        self.simpanan: _Simpanan[Isi] | None = None


class Ingatan(Generic[Isi]):
    """Keeps the last values for some seconds. One thread works a value out, others wait for it.

    :param maks: how many values. :param detik: after how many seconds a value is old.
    """

    def __init__(self, maks: int, detik: float) -> None:
        self.maks, self.detik = maks, detik
        self._butir: OrderedDict[Hashable, _Butir[Isi]] = OrderedDict()
        self._kunci = threading.Lock()

    def intip(self, nama: Hashable, cap: Hashable = None) -> Isi | None:
        """Return a value that is there, fresh and of this version, without waiting."""
        butir = self._butir.get(nama)
        return None if butir is None else self._segar(butir, cap)

    def ambil(self, nama: Hashable, buat: Callable[[], Isi], cap: Hashable = None) -> Isi:
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
            isi = self._segar(butir, cap)
            if isi is None:
                isi = buat()
                butir.simpanan = _Simpanan(isi, cap, time.monotonic())
            return isi
        finally:
            butir.kunci.release()

    def ambil_atau_lama(self, nama: Hashable, buat: Callable[[], Isi]) -> tuple[Isi | None, str | None]:
        """Return what :meth:`ambil` would. Where that fails: what was worked out last, however old, and why."""
        try:
            return self.ambil(nama, buat), None
        except GalatPengesahan as galat:
            return self.terakhir(nama), str(galat)

    def terakhir(self, nama: Hashable) -> Isi | None:
        """Return what was worked out last, however old, without waiting."""
        butir = self._butir.get(nama)
        return butir.simpanan.isi if butir is not None and butir.simpanan is not None else None

    def _segar(self, butir: _Butir[Isi], cap: Hashable) -> Isi | None:
        ada = butir.simpanan
        return None if ada is None or ada.cap != cap or time.monotonic() - ada.pada > self.detik else ada.isi
