"""Who is asking, and what the page asks of whoever knows: Airflow, in tests a stand-in."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from starlette.requests import HTTPConnection

from ap2t.web.masalah import Masalah


class BelumMasuk(Masalah):
    """Nobody is logged in, or the login has ended."""

    def __init__(self) -> None:
        kalimat = "Sesi login berakhir atau Anda belum masuk. Masuk lagi ke Airflow; yang sudah ditulis tidak hilang."
        super().__init__(401, "BELUM_MASUK", kalimat)


class TidakBoleh(Masalah):
    """Somebody is logged in who may not see this page at all."""

    def __init__(self) -> None:
        kalimat = "Pengguna ini tidak berhak membuka halaman pengesahan. "
        super().__init__(403, "TANPA_HALAMAN", kalimat + "Minta peran SPV_TE atau AUDITOR kepada pengelola.")


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
