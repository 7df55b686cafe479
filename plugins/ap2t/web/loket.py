"""Lets few at once do what takes much memory or long; who comes meanwhile is told to come again, and holds nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

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
    def dilayani(self, siapa: str) -> Iterator[None]:
        """Hold a place in the block.

        :param siapa: username: nobody holds two places.
        :raises Masalah: 429, this person holds one; ``status``, all are taken.
        """
        with self._kunci:
            if siapa in self._dilayani:
                raise Masalah(429, "SEDANG", "Permintaan Anda yang sebelumnya masih dikerjakan.", tunggu=TUNGGU)
            if len(self._dilayani) >= self.tempat:
                raise Masalah(self.status, "SEDANG", self.sibuk, tunggu=TUNGGU)
            self._dilayani.add(siapa)
        try:
            yield
        finally:
            with self._kunci:
                self._dilayani.discard(siapa)
