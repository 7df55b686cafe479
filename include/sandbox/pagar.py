"""Writes ``audit/pagar.json`` anew (make pagar): what a freshly migrated ledger says of itself."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from ap2t.audit import pagar
from ap2t.ledger import skema
from ap2t.ledger.buku import Transaksi
from sandbox.postgres import APLIKASI, AUDITOR, HALAMAN, PEMILIK, VERSI, PostgresTertanam


def susun(versi: int = VERSI) -> dict[str, Any]:
    """Migrate an empty ledger in a server of its own, restore a dump of it, and return what both are made of.

    :param versi: PostgreSQL's major version, one of those that the embedded server has.
    """
    with tempfile.TemporaryDirectory(prefix="ap2t-pagar-") as folder:
        server = PostgresTertanam(Path(folder) / "pg", versi)
        try:
            server.siapkan("buku", PEMILIK, APLIKASI, AUDITOR, HALAMAN)
            server.siapkan("pulih", PEMILIK)
            mesin = create_engine(server.url("buku", PEMILIK, "postgresql+psycopg"))
            revisi = skema.migrasikan(mesin, APLIKASI, AUDITOR, HALAMAN)
            mesin.dispose()
            dump = str(Path(folder) / "buku.dump")
            server.alat("pg_dump", "-Fc", "-f", dump, "-d", "buku")
            server.alat("pg_restore", "--exit-on-error", "-d", "pulih", dump)
            with _buka(server, "buku") as buku, _buka(server, "pulih") as pulih:
                return _susun(buku, pulih, revisi)
        finally:
            server.hentikan()


def _susun(tx: Transaksi, pulih: Transaksi, revisi: str) -> dict[str, Any]:
    """Return what ``pagar.json`` has to hold.

    :param tx: a ledger just migrated, all three roles given their rights. :param pulih: the same, restored from a dump.
    """
    isi = pagar.baca_skema(tx)
    lain = {
        jenis: {nama: definisi for nama, definisi in ada.items() if isi[jenis][nama] != definisi}
        for jenis, ada in pagar.baca_skema(pulih).items()
    }
    return {
        "revisi": revisi,
        "postgresql": pagar.diharapkan()["postgresql"],
        "isi": isi,
        "isi_pulih": {jenis: beda for jenis, beda in lain.items() if beda},
        "hak": sorted({f"{hak.hak} pada {hak.pada}" for hak in pagar.baca_hak(tx)}),
    }


@contextmanager
def _buka(server: PostgresTertanam, basis: str) -> Iterator[Transaksi]:
    mesin = create_engine(server.url(basis, PEMILIK, "postgresql+psycopg"))
    try:
        with mesin.connect() as conn:
            conn.exec_driver_sql("SET search_path = pg_catalog, pg_temp")
            yield Transaksi(conn)
    finally:
        mesin.dispose()


if __name__ == "__main__":
    teks = json.dumps(susun(), indent=1, sort_keys=True, ensure_ascii=False)
    pagar.BERKAS.write_text(f"{teks}\n", encoding="utf-8")
    print(f"Ditulis: {pagar.BERKAS}")
