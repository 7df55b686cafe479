"""Bounds every wait of the page's database connections on this side, for a server that is frozen keeps no clock."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event

from ap2t.sambungan_pg import SABAR

_DRIVER = {"mysql": ("read_timeout", "write_timeout"), "mssql": ("timeout",)}
"""What other drivers call the longest wait, in seconds."""


def batasi(mesin: Engine, detik: int) -> Engine:
    """Give up whatever connection of an engine waits longer for one answer, and return the engine.

    The server's own limits do not help where it cannot be heard, nor the network's where another end still answers it.

    :param detik: seconds.
    """
    jenis = mesin.dialect.name
    if jenis == "postgresql":
        mesin.update_execution_options(**{SABAR: detik})
    elif jenis == "oracle":

        @event.listens_for(mesin, "connect")
        def _(dbapi: Any, _catatan: Any) -> None:
            dbapi.call_timeout = detik * 1000
    else:

        @event.listens_for(mesin, "do_connect")
        def _(_dialek: Any, _catatan: Any, _argumen: list[Any], pilihan: dict[str, Any]) -> None:
            pilihan.update(dict.fromkeys(_DRIVER.get(jenis, ()), detik))

    return mesin
