"""A relay on loopback before a PostgreSQL: it can drop startup options, as PgBouncer may, and stand still."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

STARTUP = (196608).to_bytes(4, "big")


class Penerus:
    """One listening port; each connection goes on to the server's socket.

    :param ke: path of the server's unix socket. :param buang_options: drop the startup packet's ``options``.
    """

    def __init__(self, ke: str, *, buang_options: bool = False) -> None:
        self._ke, self._buang = ke, buang_options
        self._jalan = threading.Event()
        self._jalan.set()
        self._dengar = socket.create_server(("127.0.0.1", 0))
        self.porta: int = self._dengar.getsockname()[1]
        self._semua: list[socket.socket] = [self._dengar]
        threading.Thread(target=self._terima, daemon=True).start()

    def bekukan(self) -> None:
        """Carry nothing any more; connections stand, and the kernel still answers for them."""
        self._jalan.clear()

    def tutup(self) -> None:
        """Close everything."""
        self._jalan.set()
        for s in self._semua:
            with suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)
            s.close()

    def _terima(self) -> None:
        with suppress(OSError):
            while True:
                dari, _ = self._dengar.accept()
                ke = socket.socket(socket.AF_UNIX)
                ke.connect(self._ke)
                self._semua += [dari, ke]
                threading.Thread(target=self._maju, args=(dari, ke), daemon=True).start()
                threading.Thread(target=self._salin, args=(ke, dari), daemon=True).start()

    def _maju(self, dari: socket.socket, ke: socket.socket) -> None:
        with suppress(OSError):
            if self._buang:
                isi = b""
                while isi[4:8] != STARTUP:  # encryption may be asked for first
                    isi = dari.recv(65536)
                    ke.sendall(_tanpa_options(isi) if isi[4:8] == STARTUP else isi)
            self._salin(dari, ke)

    def _salin(self, dari: socket.socket, ke: socket.socket) -> None:
        with suppress(OSError):
            while isi := dari.recv(65536):
                self._jalan.wait()
                ke.sendall(isi)
        with suppress(OSError):
            ke.shutdown(socket.SHUT_WR)


def _tanpa_options(paket: bytes) -> bytes:
    kata = paket[8:].rstrip(b"\0").split(b"\0")
    pasang = {k: v for k, v in zip(kata[::2], kata[1::2], strict=True) if k != b"options"}
    isi = STARTUP + b"".join(k + b"\0" + v + b"\0" for k, v in pasang.items()) + b"\0"
    return (len(isi) + 4).to_bytes(4, "big") + isi


@contextmanager
def penerus(folder: str, **pilihan: bool) -> Iterator[Penerus]:
    """Run a relay before the server whose socket lies in a folder."""
    p = Penerus(f"{folder}/.s.PGSQL.5432", **pilihan)
    try:
        yield p
    finally:
        p.tutup()
