"""What the ledger's server must be able to do, asked before anything hangs on it."""

from __future__ import annotations

from sqlalchemy import Connection

from ap2t.ledger.mesin import jalankan

POSTGRESQL_MINIMAL = 16
"""Oldest PostgreSQL: the audit and archiving ask ``pg_input_is_valid``, which is not there before."""


def versi_server(conn: Connection) -> int:
    """Return the server's version as PostgreSQL counts it (160004: 16.4)."""
    return int(jalankan(conn, "versi_server").scalar_one())


def kurang(conn: Connection) -> list[str]:
    """Return what the ledger's server lacks, a sentence each; none: it will do."""
    return kurang_versi(versi_server(conn))


def kurang_versi(versi: int) -> list[str]:
    """Return what a server of a version lacks, as :func:`kurang`."""
    if versi >= POSTGRESQL_MINIMAL * 10_000:
        return []
    return [
        f"Server buku PostgreSQL {versi // 10_000}, paling sedikit {POSTGRESQL_MINIMAL}: audit dan pengarsipan tidak "
        f"akan berjalan di sana. Naikkan servernya ke PostgreSQL {POSTGRESQL_MINIMAL} atau lebih baru"
    ]
