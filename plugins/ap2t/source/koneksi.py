"""From a connection as Airflow describes it to a SQLAlchemy engine that reads ACMT.

Nothing here looks a connection up, and no message shows a password.

Oracle: its driver hands TIMESTAMP WITH TIME ZONE out without the zone, so the views there should give
TIMESTAMP in UTC (``SYS_EXTRACT_UTC``) or TIMESTAMP WITH LOCAL TIME ZONE (the session is set to UTC).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event

from ap2t.galat import KoneksiTidakSah
from ap2t.koneksi import Koneksi
from ap2t.sql import muat

BATAS_SAMBUNG = 10
"""Seconds to wait for a connection."""

NAMA_APLIKASI = "ap2t-pengesahan"

_PUSTAKA = {
    "postgresql": ("postgresql+psycopg", "psycopg[binary]"),
    "oracle": ("oracle+oracledb", "oracledb"),
    "mysql": ("mysql+pymysql", "pymysql"),
    "mssql": ("mssql+pymssql", "pymssql"),
}


def buat_engine(conn: Koneksi) -> Engine:
    """Make the engine for ACMT; it connects at first use, reads only, and speaks UTC.

    :raises KoneksiTidakSah: unknown ``conn_type``, no address, or the driver's package is not installed.
    """
    jenis = {"postgres": "postgresql"}.get(conn.conn_type, conn.conn_type)
    if jenis == "sqlite":
        return _sqlite(conn)
    if jenis not in _PUSTAKA:
        raise KoneksiTidakSah(
            f"Jenis basis data '{conn.conn_type}' pada koneksi acmt_db tidak dikenal. "
            f"Pakai salah satu: postgres, {', '.join(sorted(_PUSTAKA))}, sqlite."
        )
    if not conn.host or not conn.schema:
        raise KoneksiTidakSah("Koneksi acmt_db tidak lengkap: isi host dan schema (nama basis data atau layanan).")
    rangka, paket = _PUSTAKA[jenis]
    url, argumen = _RAKIT[jenis](conn, rangka)
    try:
        engine = create_engine(
            url, connect_args=argumen, pool_pre_ping=True, pool_size=8, max_overflow=4, hide_parameters=True
        )
    except ImportError:
        raise KoneksiTidakSah(
            f"Pustaka untuk {jenis} belum terpasang. Pasang paket Python '{paket}' di semua mesin Airflow, lalu ulangi."
        ) from None
    if jenis == "oracle":
        event.listen(engine, "connect", _sesi_oracle)
    return engine


def _url(conn: Koneksi, rangka: str, **lain: Any) -> URL:
    bagian: dict[str, Any] = {
        "username": conn.login,
        "password": conn.password,
        "host": conn.host,
        "port": conn.port,
        "database": conn.schema,
    }
    return URL.create(rangka, **{**bagian, **lain})


def _postgresql(conn: Koneksi, rangka: str) -> tuple[URL, dict[str, Any]]:
    """Read only by default: a transaction that writes has to say so (``acmt/transaksi_tulis.sql``)."""
    extra = dict(conn.extra_dejson)
    pilihan = f"{extra.pop('options', '')} -c default_transaction_read_only=on -c timezone=UTC".strip()
    argumen = {"connect_timeout": BATAS_SAMBUNG, "application_name": NAMA_APLIKASI, **_milik_libpq(extra)}
    argumen["options"] = pilihan
    if conn.host and conn.host.startswith("/"):
        url = _url(conn, rangka, host=None, port=None, query={"host": conn.host})
        return url, argumen | ({"port": conn.port} if conn.port else {})
    return _url(conn, rangka), argumen


def _milik_libpq(extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of ``extra`` that are libpq's (sslmode, …); the address and the person are not taken there."""
    from psycopg.pq import Conninfo

    alamat = {"host", "hostaddr", "port", "user", "password", "dbname", "passfile", "service"}
    kenal = {butir.keyword.decode() for butir in Conninfo.get_defaults()} - alamat
    return {nama: nilai for nama, nilai in extra.items() if nama in kenal and isinstance(nilai, str | int)}


def _oracle(conn: Koneksi, rangka: str) -> tuple[URL, dict[str, Any]]:
    url = _url(conn, rangka, database=None, query={"service_name": conn.schema or ""})
    return url, {"tcp_connect_timeout": float(BATAS_SAMBUNG)}


def _mysql(conn: Koneksi, rangka: str) -> tuple[URL, dict[str, Any]]:
    return _url(conn, rangka), {"connect_timeout": BATAS_SAMBUNG, "init_command": muat("acmt/sesi_mysql")}


def _mssql(conn: Koneksi, rangka: str) -> tuple[URL, dict[str, Any]]:
    return _url(conn, rangka), {"login_timeout": BATAS_SAMBUNG, "appname": NAMA_APLIKASI}


_RAKIT: dict[str, Callable[[Koneksi, str], tuple[URL, dict[str, Any]]]] = {
    "postgresql": _postgresql,
    "oracle": _oracle,
    "mysql": _mysql,
    "mssql": _mssql,
}


def _sqlite(conn: Koneksi) -> Engine:
    """Attach the file, read only, as schema ``acmt``; it holds the views under their bare names."""
    berkas = conn.host or conn.schema
    if not berkas:
        raise KoneksiTidakSah("Koneksi acmt_db (sqlite) tidak lengkap: isi host dengan alamat berkasnya.")
    alamat = f"{Path(berkas).resolve().as_uri()}?mode=ro"

    def sambung() -> sqlite3.Connection:
        dbapi = sqlite3.connect("file::memory:", uri=True, timeout=BATAS_SAMBUNG, check_same_thread=False)
        try:
            dbapi.execute(muat("acmt/lampirkan_sqlite"), {"berkas": alamat})
        except sqlite3.Error:
            dbapi.close()
            raise
        return dbapi

    url = URL.create("sqlite+pysqlite", database=str(berkas))
    return create_engine(url, creator=sambung, hide_parameters=True)


def _sesi_oracle(dbapi: Any, _catatan: object) -> None:
    with dbapi.cursor() as kursor:
        kursor.execute(muat("acmt/sesi_oracle"))
