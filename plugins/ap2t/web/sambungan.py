"""Bounds every wait of the page's database connections on this side: a server that is frozen keeps no clock."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.errors import OperationalError
from sqlalchemy import Engine, event

SAMBUNG = 5
"""Seconds for a connection to stand."""
_DRIVER = {"mysql": ("read_timeout", "write_timeout"), "mssql": ("timeout",)}
"""What other drivers call the longest wait, in seconds."""


class _Berbatas(psycopg.Connection[Any]):
    """A connection that is given up where one exchange with the server takes longer than ``batas`` seconds.

    The server's own limits do not help where it cannot be heard, nor the network's where another end still answers it.
    """

    batas: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for the server, at most so long."""
        try:
            return super().wait(gen, interval, self.batas if timeout is None else timeout)
        except OperationalError:
            if not self.closed and self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                self.pgconn.finish()  # half an exchange is left: nothing else may be asked here
            raise


def batasi(mesin: Engine, detik: int) -> Engine:
    """Give up whatever connection of an engine waits longer for one answer; return the engine.

    :param detik: seconds.
    """
    jenis = mesin.dialect.name

    @event.listens_for(mesin, "do_connect")
    def _(_dialek: Any, _catatan: Any, argumen: list[Any], pilihan: dict[str, Any]) -> Any:
        if jenis == "postgresql":
            conn = _Berbatas.connect(*argumen, **{**pilihan, "connect_timeout": SAMBUNG})
            conn.batas = detik
            return conn
        pilihan.update(dict.fromkeys(_DRIVER.get(jenis, ()), detik))
        return None

    if jenis == "oracle":

        @event.listens_for(mesin, "connect")
        def _(dbapi: Any, _catatan: Any) -> None:
            dbapi.call_timeout = detik * 1000

    return mesin
