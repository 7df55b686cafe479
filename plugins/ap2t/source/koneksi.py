"""From a connection as Airflow describes it to a SQLAlchemy engine that reads ACMT.

Nothing here looks a connection up, and no message shows a password. Whatever of ``extra`` a kind of database does not
know is refused by name: a TLS setting that is not used would be believed to hold.

PostgreSQL and SQLite hand instants and text out as they write them, so that a value which Python has no room for is a
row's fault and not the driver's error (:mod:`ap2t.source.normal` reads it).

Oracle: its driver hands TIMESTAMP WITH TIME ZONE out without the zone, so the views there should give
TIMESTAMP in UTC (``SYS_EXTRACT_UTC``) or TIMESTAMP WITH LOCAL TIME ZONE (the session is set to UTC).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.string import TextLoader
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
    "default_transaction_read_only": "on",  # a transaction that writes has to say so (``acmt/transaksi_tulis``)
    "idle_in_transaction_session_timeout": "5min",
    "lock_timeout": "1min",
    "statement_timeout": "5min",
}
"""Settings of every session in a PostgreSQL; the search path is left to ACMT, whose views may need theirs."""

_NAMA_LAIN = {"postgres": "postgresql", "mariadb": "mysql"}
_EKSTRA_MYSQL = {
    *("ssl_ca", "ssl_cert", "ssl_key", "ssl_key_password", "ssl_verify_cert", "ssl_verify_identity", "ssl_disabled"),
    *("charset", "read_timeout", "write_timeout"),
}
_EKSTRA_SSL_MYSQL = {"ca": "ssl_ca", "cert": "ssl_cert", "key": "ssl_key", "check_hostname": "ssl_verify_identity"}
"""What Airflow's own MySQL hook calls them, within ``ssl``."""
_EKSTRA_ORACLE = {
    *("protocol", "wallet_location", "wallet_password", "config_dir", "ssl_server_dn_match", "ssl_server_cert_dn")
}
_EKSTRA_MSSQL = {"encryption", "tds_version"}


def buat_engine(conn: Koneksi) -> Engine:
    """Make the engine for ACMT, which connects at first use, reads only, and speaks UTC.

    :raises KoneksiTidakSah: unknown ``conn_type``, no address, or the driver's package is not installed.
    """
    jenis = _NAMA_LAIN.get(conn.conn_type, conn.conn_type)
    if jenis == "sqlite":
        return _sqlite(conn)
    if jenis not in _PUSTAKA:
        raise KoneksiTidakSah(
            f"Jenis basis data '{conn.conn_type}' pada koneksi acmt_db tidak dikenal. "
            f"Pakai salah satu: {', '.join(sorted({*_NAMA_LAIN, *_PUSTAKA}))}, sqlite."
        )
    if not conn.host or not conn.schema:
        raise KoneksiTidakSah("Koneksi acmt_db tidak lengkap: isi host dan schema (nama basis data atau layanan).")
    rangka, paket, rakit, siapkan = _PUSTAKA[jenis]
    url, argumen = rakit(conn, rangka)
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
    if siapkan is not None:
        event.listen(engine, "connect", siapkan)
    if jenis == "postgresql":
        sambungan_pg.jaga(engine, ACMT, SETELAN, batas=BATAS_PERINTAH)
    return engine


def setelan_beda(engine: Engine) -> list[str]:
    """Name what differs in a session of a PostgreSQL source from what it needs. Of other products nothing is known."""
    if engine.dialect.name != "postgresql":
        return []
    with engine.connect() as satu, engine.connect() as dua:
        return sambungan_pg.periksa_sepasang(satu, dua, SETELAN)


def _kenal(conn: Koneksi, kenal: Collection[str]) -> dict[str, Any]:
    """Return ``extra``.

    :raises KoneksiTidakSah: some of it is not known here.
    """
    asing = sorted(set(conn.extra_dejson) - set(kenal))
    if asing:
        raise KoneksiTidakSah(
            f"Bagian extra koneksi acmt_db memuat {', '.join(asing)}, yang tidak dikenal untuk {conn.conn_type}. "
            f"Yang dikenal: {', '.join(sorted(kenal)) or 'tidak ada'}. Hapus atau perbaiki namanya."
        )
    return dict(conn.extra_dejson)


def _url(conn: Koneksi, rangka: str, **lain: Any) -> URL:
    bagian: dict[str, Any] = {"host": conn.host, "port": conn.port, "database": conn.schema, **lain}
    return URL.create(rangka, conn.login, conn.password, **bagian)


def _postgresql(conn: Koneksi, rangka: str) -> tuple[URL, dict[str, Any]]:
    argumen = {**sambungan_pg.TCP, **_kenal(conn, _milik_libpq())}
    if conn.host and conn.host.startswith("/"):
        url = _url(conn, rangka, host=None, port=None, query={"host": conn.host})
        return url, argumen | ({"port": conn.port} if conn.port else {})
    return _url(conn, rangka), argumen


def _milik_libpq() -> set[str]:
    """Return libpq's options (sslmode, …) without the address and the person: these stand in the connection itself."""
    alamat = {"host", "hostaddr", "port", "user", "password", "dbname", "passfile", "service"}
    return {butir.keyword.decode() for butir in psycopg.pq.Conninfo.get_defaults()} - alamat


def _oracle(conn: Koneksi, rangka: str) -> tuple[URL, dict[str, Any]]:
    """The address goes to the driver in a form of its own: SQLAlchemy's would drop the protocol, and TLS with it."""
    extra = _kenal(conn, _EKSTRA_ORACLE)
    alamat = f"{extra.pop('protocol', 'tcp')}://{conn.host}:{conn.port or 1521}/{conn.schema}"
    url = _url(conn, rangka, database=None, query={"service_name": conn.schema or ""})
    # expire_time, minutes: the driver looks whether an idle peer still stands
    return url, {"tcp_connect_timeout": float(BATAS_SAMBUNG), "expire_time": 1, "dsn": alamat, **extra}


def _mysql(conn: Koneksi, rangka: str) -> tuple[URL, dict[str, Any]]:
    """Ask for text in UTF-8 whatever the columns are in. TLS is named as PyMySQL does, or as Airflow within ``ssl``."""
    extra = _kenal(conn, _EKSTRA_MYSQL | {"ssl"})
    ssl = extra.pop("ssl", {})
    if not isinstance(ssl, dict) or set(ssl) - set(_EKSTRA_SSL_MYSQL):
        kenal = ", ".join(_EKSTRA_SSL_MYSQL)
        raise KoneksiTidakSah(f"Bagian extra.ssl koneksi acmt_db harus objek JSON dengan isian {kenal} saja.")
    argumen = {_EKSTRA_SSL_MYSQL[kunci]: nilai for kunci, nilai in ssl.items()}
    perintah = int(BATAS_PERINTAH)
    batas = {"connect_timeout": BATAS_SAMBUNG, "read_timeout": perintah, "write_timeout": perintah}
    bawaan = {**batas, "charset": "utf8mb4", "init_command": muat("acmt/sesi_mysql")}
    return _url(conn, rangka), {**bawaan, **argumen, **extra}


def _mssql(conn: Koneksi, rangka: str) -> tuple[URL, dict[str, Any]]:
    batas = {"login_timeout": BATAS_SAMBUNG, "timeout": int(BATAS_PERINTAH)}
    return _url(conn, rangka), {**batas, "appname": NAMA_APLIKASI, **_kenal(conn, _EKSTRA_MSSQL)}


def _sqlite(conn: Koneksi) -> Engine:
    """Attach the file, read only, as schema ``acmt``. It holds the views under their bare names."""
    _kenal(conn, ())
    berkas = conn.host or conn.schema
    if not berkas:
        raise KoneksiTidakSah("Koneksi acmt_db (sqlite) tidak lengkap: isi host dengan alamat berkasnya.")
    alamat = f"{Path(berkas).resolve().as_uri()}?mode=ro"

    def sambung() -> sqlite3.Connection:
        dbapi = sqlite3.connect("file::memory:", uri=True, timeout=BATAS_SAMBUNG, check_same_thread=False)
        dbapi.text_factory = lambda isi: isi.decode(errors="surrogateescape")
        try:
            dbapi.execute(muat("acmt/lampirkan_sqlite"), {"berkas": alamat})
        except sqlite3.Error:
            dbapi.close()
            raise
        return dbapi

    return create_engine(URL.create("sqlite+pysqlite", database=berkas), creator=sambung, hide_parameters=True)


def _sesi_oracle(dbapi: Any, _catatan: object) -> None:
    dbapi.call_timeout = int(BATAS_PERINTAH * 1000)
    with dbapi.cursor() as kursor:
        kursor.execute(muat("acmt/sesi_oracle"))


def _waktu_sebagai_teks(dbapi: psycopg.Connection[Any], _catatan: object) -> None:
    """Hand instants out as text: PostgreSQL knows infinity and the year 10000, Python neither."""
    for jenis in ("timestamptz", "timestamp", "date"):
        dbapi.adapters.register_loader(jenis, TextLoader)


_Rakit = Callable[[Koneksi, str], tuple[URL, dict[str, Any]]]
_Siapkan = Callable[[Any, object], None]
_PUSTAKA: dict[str, tuple[str, str, _Rakit, _Siapkan | None]] = {
    "postgresql": ("postgresql+psycopg", "psycopg[binary]", _postgresql, _waktu_sebagai_teks),
    "oracle": ("oracle+oracledb", "oracledb", _oracle, _sesi_oracle),
    "mysql": ("mysql+pymysql", "pymysql", _mysql, None),
    "mssql": ("mssql+pymssql", "pymssql", _mssql, None),
}
"""Dialect, package, how the address is put together, and what is set on each new connection."""
