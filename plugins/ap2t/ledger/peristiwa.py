"""How far Airflow's own event log was read, and which of its events stand in the trail already."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from ap2t.ledger.mesin import jalankan


def sampai(conn: Connection) -> datetime:
    """Return up to when events were read; at first when the ledger was made."""
    hasil: datetime = jalankan(conn, "peristiwa_sampai").scalar_one()
    return hasil


def maju(conn: Connection, sampai: datetime) -> None:
    """Move on: of what is older nothing is to come, apart from what the next reading looks back for."""
    jalankan(conn, "peristiwa_maju", sampai=sampai)


def tandai(conn: Connection, nomor: int, waktu: datetime) -> bool:
    """Mark an event as copied; False if it was.

    Number and time together: where Airflow's database was made anew its numbers begin again.
    """
    return jalankan(conn, "peristiwa_tandai", nomor=nomor, waktu=waktu).one_or_none() is not None
