"""A deadline for one whole HTTP answer: connecting, headers, and a body that drips.

A timeout of requests holds for one read of the socket, and an answer that comes a byte at a time never meets it. So a
timer shuts the socket of the request it was started for, and the read that waits there ends at once.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, ClassVar, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError


class Tenggat:
    """Ends the one request that its block makes, after ``detik`` seconds. ``lewat`` tells afterwards whether it did.

    The request goes over a session of :func:`sesi_bertenggat`, in this thread.
    """

    _setempat: ClassVar[threading.local] = threading.local()

    def __init__(self, detik: float) -> None:
        self.lewat = False
        self._kunci = threading.Lock()
        self._soket: socket.socket | None = None
        self._jam = threading.Timer(detik, self._putus)
        self._jam.daemon = True

    def __enter__(self) -> Self:
        self._setempat.kini = self
        self._jam.start()
        return self

    def __exit__(
        self, jenis: type[BaseException] | None, galat: BaseException | None, jejak: TracebackType | None
    ) -> None:
        self._jam.cancel()
        with self._kunci:
            self._soket = None
        self._setempat.kini = None

    @classmethod
    def kini(cls) -> Tenggat | None:
        """Return the deadline that holds in this thread."""
        return getattr(cls._setempat, "kini", None)

    def pegang(self, soket: socket.socket | None) -> None:
        """Take the socket that the request uses.

        :raises TimeoutError: the deadline has passed.
        """
        with self._kunci:
            self._soket = soket
            if self.lewat:
                raise TimeoutError("deadline passed before the request was sent")

    def _putus(self) -> None:
        with self._kunci:
            self.lewat = True
            if self._soket is not None:
                with suppress(OSError):
                    # past TLS, whose own shutdown is not made for another thread's read
                    socket.socket.shutdown(self._soket, socket.SHUT_RDWR)


class _Dijaga(HTTPConnection):
    """A connection that tells the deadline which socket it reads from."""

    def connect(self) -> None:
        super().connect()
        try:
            self._pegang()
        except TimeoutError as galat:
            self.close()
            raise ConnectTimeoutError(self, str(galat)) from None

    def request(self, *posisi: Any, **nama: Any) -> None:
        if self.sock is not None:  # kept open from an earlier request
            self._pegang()
        super().request(*posisi, **nama)

    def _pegang(self) -> None:
        if (tenggat := Tenggat.kini()) is not None:
            tenggat.pegang(getattr(self.sock, "socket", self.sock))


class _DijagaTls(_Dijaga, HTTPSConnection):
    """The same over TLS."""


class _Kolam(HTTPConnectionPool):
    ConnectionCls = _Dijaga


class _KolamTls(HTTPSConnectionPool):
    ConnectionCls = _DijagaTls


class _Adaptor(HTTPAdapter):
    """requests' adapter with such connections, also through a proxy."""

    def init_poolmanager(self, *posisi: Any, **nama: Any) -> None:
        super().init_poolmanager(*posisi, **nama)
        _pasang(self.poolmanager)

    def proxy_manager_for(self, *posisi: Any, **nama: Any) -> Any:
        return _pasang(super().proxy_manager_for(*posisi, **nama))


def _pasang(manajer: PoolManager) -> PoolManager:
    manajer.pool_classes_by_scheme = {"http": _Kolam, "https": _KolamTls}
    return manajer


class _Sesi(requests.Session):
    """A session for which no answer is a redirect: even one that is not followed has its address taken apart."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def sesi_bertenggat(**pilihan: Any) -> requests.Session:
    """Return a session whose requests a :class:`Tenggat` can end, and which follows no redirect.

    :param pilihan: as for requests' ``HTTPAdapter``.
    """
    sesi = _Sesi()
    for skema in ("http://", "https://"):
        sesi.mount(skema, _Adaptor(**pilihan))
    return sesi
