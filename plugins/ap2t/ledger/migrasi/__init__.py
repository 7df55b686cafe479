"""Alembic migrations of the ledger. Their SQL stands in include/sql/ledger/skema."""

from collections.abc import Callable

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat


def langkah(*berkas: str) -> tuple[Callable[[], None], Callable[[], None]]:
    """Return what takes the schema up, by running these statements, and what takes it down, which always refuses."""

    def naik() -> None:
        for nama in berkas:
            kursor(op.get_bind()).execute(muat(nama).encode())

    def turun() -> None:
        raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")

    return naik, turun
