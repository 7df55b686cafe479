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

from ap2t import sambungan_pg
from ap2t.galat import KoneksiTidakSah
from ap2t.koneksi import ACMT, Koneksi
from ap2t.sambungan_pg import BATAS_SAMBUNG, TEKS_TETAP
from ap2t.sql import muat

NAMA_APLIKASI = "ap2t-pengesahan"
BATAS_PERINTAH = 300.0
"""Seconds that one statement, or one piece of a stream, may take: no look at ACMT is without end."""
SETELAN = {
    **TEKS_TETAP,
    "default_transaction_read_only": "on",  # a transaction that writes has to say so (``acmt/transaksi_tulis.sql``)
    "idle_in_transaction_session_timeout": "5min",
    "lock_timeout": "1min",
    "statement_timeout": "5min",
}
"""Settings of every session in a PostgreSQL; the search path is left to ACMT, whose views may need theirs."""

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
            url,
            connect_args=argumen,
            pool_pre_ping=jenis != "postgresql",  # there each checkout asks more
            pool_size=8,
            max_overflow=4,
            hide_parameters=True,
        )
    except ImportError:
        raise KoneksiTidakSah(
            f"Pustaka untuk {jenis} belum terpasang. Pasang paket Python '{paket}' di semua mesin Airflow, lalu ulangi."
        ) from None
    if jenis == "oracle":
        event.listen(engine, "connect", _sesi_oracle)
    if jenis == "postgresql":
        sambungan_pg.jaga(engine, ACMT, SETELAN, batas=BATAS_PERINTAH)
    return engine


def setelan_beda(engine: Engine) -> list[str]:
    """Name what differs in a session of a PostgreSQL source from what it needs; of other products nothing is known."""
    if engine.dialect.name != "postgresql":
        return []
    with engine.connect() as satu, engine.connect() as dua:
        return sambungan_pg.periksa(satu, dua, SETELAN)


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
    argumen = {**sambungan_pg.TCP, **_milik_libpq(conn.extra_dejson)}
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
    # expire_time, minutes: the driver looks whether an idle peer still stands
    return url, {"tcp_connect_timeout": float(BATAS_SAMBUNG), "expire_time": 1}


def _mysql(conn: Koneksi, rangka: str) -> tuple[URL, dict[str, Any]]:
    batas = int(BATAS_PERINTAH)
    return _url(conn, rangka), {
        "connect_timeout": BATAS_SAMBUNG,
        "read_timeout": batas,
        "write_timeout": batas,
        "init_command": muat("acmt/sesi_mysql"),
    }


def _mssql(conn: Koneksi, rangka: str) -> tuple[URL, dict[str, Any]]:
    batas = int(BATAS_PERINTAH)
    return _url(conn, rangka), {"login_timeout": BATAS_SAMBUNG, "timeout": batas, "appname": NAMA_APLIKASI}


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
    dbapi.call_timeout = int(BATAS_PERINTAH * 1000)
    with dbapi.cursor() as kursor:
        kursor.execute(muat("acmt/sesi_oracle"))
