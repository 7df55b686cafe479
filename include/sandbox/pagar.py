"""Writes ``ledger/pagar.json`` anew: what a freshly migrated ledger says of itself (make pagar)."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy import create_engine

from ap2t.ledger import pagar, skema
from sandbox.postgres import APLIKASI, AUDITOR, PEMILIK, PostgresTertanam


def tulis() -> None:
    """Migrate an empty ledger in a server of its own, and write down what it is made of."""
    with tempfile.TemporaryDirectory(prefix="ap2t-pagar-") as folder:
        server = PostgresTertanam(Path(folder) / "pg")
        try:
            server.siapkan("buku", PEMILIK, APLIKASI, AUDITOR)
            mesin = create_engine(server.url("buku", PEMILIK, "postgresql+psycopg"))
            revisi = skema.migrasikan(mesin, APLIKASI, AUDITOR)
            with mesin.connect() as conn:
                conn.exec_driver_sql("SET search_path = pg_catalog, pg_temp")
                pagar.BERKAS.write_text(pagar.tulis(conn, revisi), encoding="utf-8")
            mesin.dispose()
        finally:
            server.hentikan()


if __name__ == "__main__":
    tulis()
    print(f"Ditulis: {pagar.BERKAS}")
