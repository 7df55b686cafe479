"""The field's ACMT in MariaDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ap2t import koneksi
from tests.benchmarks.alat import kabar
from tests.benchmarks.lapangan import Kelompok, Lapangan, pasang_koneksi
from tests.mariadb import AcmtMariadb, alat, peladen_mariadb


@contextmanager
def acmt_di_mariadb(lapangan: Lapangan, k: Kelompok) -> Iterator[AcmtMariadb]:
    """Move a kelompok's unit into a MariaDB, and point ``acmt_db`` at it until the block ends.

    :raises SystemExit: none is installed.
    """
    peladen, pasang = alat("mariadbd", "mysqld"), alat("mariadb-install-db", "mysql_install_db")
    if peladen is None or pasang is None:
        raise SystemExit("Bench mariadb perlu paket mariadb-server.")
    with peladen_mariadb(peladen, pasang) as alamat, lapangan.acmt_pemilik() as acmt:
        maria = AcmtMariadb(k.unitup, acmt, alamat)
        maria.pindahkan()
        kabar(f"{k.baris:,} baris dipindahkan ke MariaDB")
        isi: dict[str, Any] = maria.koneksi
        pasang_koneksi(koneksi.ACMT, **isi)
        try:
            yield maria
        finally:
            maria.tutup()
            lapangan.acmt_dipakai("acmt")
