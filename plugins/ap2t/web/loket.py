"""Lets few at once do what takes long or much memory, and nobody do something too often.

Others are told to come again, and hold nothing meanwhile.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from ap2t.web.konteks import HakPeminta
from ap2t.web.masalah import TUNGGU, Masalah


class Loket:
    """A counter with few places.

    :param tempat: how many are served at once. :param sibuk: what others are told, with this ``status``.
    """

    def __init__(self, tempat: int, sibuk: str, status: int = 503) -> None:
        self.tempat, self.sibuk, self.status = tempat, sibuk, status
        self._kunci = threading.Lock()
        self._dilayani: set[str] = set()

    @contextmanager
    def dilayani(self, username: str) -> Iterator[None]:
        """Hold a place in the block. Nobody holds two.

        :raises Masalah: 429, this person holds one; ``status``, all are taken.
        """
        with self._kunci:
            if username in self._dilayani:
                raise Masalah(429, "SEDANG", "Permintaan Anda yang sebelumnya masih dikerjakan.", tunggu=TUNGGU)
            if len(self._dilayani) >= self.tempat:
                raise Masalah(self.status, "SEDANG", self.sibuk, tunggu=TUNGGU)
            self._dilayani.add(username)
        try:
            yield
        finally:
            with self._kunci:
                self._dilayani.discard(username)

    async def giliran(self, hak: HakPeminta) -> AsyncIterator[None]:
        """Hold a place for whoever asks, until all of the answer is sent."""
        with self.dilayani(hak.orang.username):
            yield


class Laju:
    """Bounds how often a person may do something, in this process.

    :param kali: how often in ``detik`` seconds. :param orang: people remembered.
    """

    def __init__(self, kali: int, detik: float = 60, orang: int = 2000) -> None:
        self.kali, self.detik, self.orang = kali, detik, orang
        self._kunci = threading.Lock()
        self._hitung: OrderedDict[str, tuple[float, int]] = OrderedDict()
        """By person: since when it is counted, and how often it was."""

    def hitung(self, username: str) -> None:
        """Count once.

        :raises Masalah: 429, they have done it too often; it says when to go on.
        """
        kini = time.monotonic()
        with self._kunci:
            sejak, kali = self._hitung.pop(username, (kini, 0))
            if kini - sejak >= self.detik:
                sejak, kali = kini, 0
            self._hitung[username] = sejak, kali + 1
            while len(self._hitung) > self.orang:
                self._hitung.popitem(last=False)
        if kali >= self.kali:
            tunggu = math.ceil(sejak + self.detik - kini)
            raise Masalah(
                429, "TERLALU_SERING", f"Terlalu sering. Tunggu {tunggu} detik, lalu ulangi.", tunggu=max(tunggu, 1)
            )
