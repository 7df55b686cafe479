"""Lets few at once do what takes long or much memory. Others are told to come again, and hold nothing meanwhile."""

from __future__ import annotations

import threading
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
