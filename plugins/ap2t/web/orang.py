"""Who is asking, and what the page asks of whoever knows: Airflow, in tests a stand-in."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from starlette.requests import HTTPConnection


class BelumMasuk(Exception):
    """Nobody is logged in, or the login has ended."""


class TidakBoleh(Exception):
    """Somebody is logged in who may not see this page at all."""


class Orang(NamedTuple):
    """Somebody who is logged in to Airflow. ``auditor``: Airflow's own administrators let them see every unit."""

    username: str
    auditor: bool = False


class Penjaga(Protocol):
    """Knows who is logged in."""

    async def orang(self, permintaan: HTTPConnection) -> Orang:
        """Return who asks.

        :raises BelumMasuk: nobody is logged in.
        :raises TidakBoleh: the person may not see plugins' pages.
        """

    def masuk(self, kembali: str) -> str:
        """Return the address of the login page, which leads back to ``kembali``."""
