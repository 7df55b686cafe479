"""The engine of the ledger, its transactions, and the one way to run a statement of ``include/sql/ledger``."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from sqlalchemy import Connection, CursorResult, Engine, TextClause, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from ap2t import koneksi
from ap2t.galat import BukuMenolak, BukuTidakTerjangkau, KoneksiTidakSah
from ap2t.sql import muat

PENYEBAB_MENOLAK = {"AP001", "AP002"}
"""SQLSTATEs of the ledger's own triggers."""

_BATAS_TULIS = "-c statement_timeout=600000"


def buat_mesin(k: koneksi.Koneksi | None = None, *, koneksi_maks: int = 4, hanya_baca: bool = False) -> Engine:
    """Build the ledger's engine from connection ``cmt_db``; sessions run in UTC.

    :param hanya_baca: the database refuses every write, and a statement that runs longer than half a minute.
    :raises KoneksiTidakSah: if the connection is not PostgreSQL or has no host.
    """
    k = k or koneksi.ambil(koneksi.BUKU)
    if k.conn_type not in ("postgres", "postgresql"):
        raise KoneksiTidakSah(f"Koneksi {k.conn_id} berjenis {k.conn_type}; buku pengesahan harus PostgreSQL.")
    kueri = {n: str(v) for n, v in k.extra_dejson.items() if n.startswith("ssl") or n == "target_session_attrs"}
    host = k.host
    if host and host.startswith("/"):
        kueri["host"], host = host, None
    alamat = URL.create(
        "postgresql+psycopg", k.login, k.password, host, k.port, k.schema or "postgres", query=kueri or {}
    )
    mesin = create_engine(
        alamat,
        pool_size=koneksi_maks,
        max_overflow=2,
        pool_pre_ping=not hanya_baca,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 10,
            "application_name": "ap2t-pengesahan",
            # a search path set on the database or the role could put other functions and operators before the real ones
            "options": "-c timezone=UTC -c datestyle=ISO -c search_path=pg_catalog,pg_temp "
            + ("-c default_transaction_read_only=on -c statement_timeout=30000" if hanya_baca else _BATAS_TULIS),
        },
    )
    if hanya_baca:
        _tanya_yang_lama(mesin)
    return mesin


LAMA = 20.0
"""Seconds after which a connection that lay idle is asked whether it still stands, where most looks are short."""


def _tanya_yang_lama(mesin: Engine) -> None:
    """Ask connections before use only where they lay idle for a while: else each look would cost one more round."""

    @event.listens_for(mesin, "checkin")
    def _(_: Any, catatan: ConnectionPoolEntry) -> None:
        catatan.info["sejak"] = time.monotonic()

    @event.listens_for(mesin, "checkout")
    def _(dbapi: Any, catatan: ConnectionPoolEntry, _proxy: Any) -> None:
        if time.monotonic() - catatan.info.get("sejak", time.monotonic()) > LAMA:
            try:
                dbapi.execute("SELECT 1")
                dbapi.rollback()
            except psycopg.Error:
                raise DisconnectionError from None  # the pool opens another one


class Buku:
    """The ledger: hands out transactions and turns database errors into the project's own.

    :param mesin: the engine of :func:`buat_mesin`.
    """

    def __init__(self, mesin: Engine | None = None) -> None:
        self.mesin = mesin or buat_mesin()
        self._lihat = self.mesin.execution_options(isolation_level="AUTOCOMMIT")  # the same connections

    @contextmanager
    def transaksi(self) -> Iterator[Connection]:
        """One transaction, committed at the end of the block, rolled back on any error.

        :raises BukuMenolak: if a guard of the ledger refuses.
        :raises BukuTidakTerjangkau: if the ledger does not answer.
        """
        try:
            with self.mesin.begin() as conn:
                yield conn
        except (DBAPIError, psycopg.Error) as e:
            raise terjemahkan(e) from None

    @contextmanager
    def lihat(self) -> Iterator[Connection]:
        """A connection for single statements, each of which sees what is committed then; nothing is begun or committed.

        :raises BukuTidakTerjangkau: if the ledger does not answer.
        """
        try:
            with self._lihat.connect() as conn:
                yield conn
        except (DBAPIError, psycopg.Error) as e:
            raise terjemahkan(e) from None

    def tutup(self) -> None:
        """Give back every connection."""
        self.mesin.dispose()


def terjemahkan(e: DBAPIError | psycopg.Error) -> Exception:
    """Turn a driver's error into one of ours; text of the guards is kept, values are not."""
    asal = e.orig if isinstance(e, DBAPIError) else e
    kode = getattr(asal, "sqlstate", None)
    if kode in PENYEBAB_MENOLAK:
        return BukuMenolak(f"Buku pengesahan menolak: {_utama(asal)}.")
    if kode in ("42P01", "3F000"):
        return BukuMenolak(
            "Buku pengesahan belum punya skema. Jalankan `ap2t buku migrasi` dengan AP2T_LEDGER_OWNER_URL terisi."
        )
    aturan = getattr(getattr(asal, "diag", None), "constraint_name", None)
    if aturan == "bacaan_pkey":
        return BukuMenolak(
            "Ada idpel yang muncul lebih dari sekali dalam kelompok ini di v_bacaan. Hapus baris gandanya di ACMT lalu "
            "ulangi; tidak ada yang diposting."
        )
    if kode == "42501":
        return BukuMenolak(f"Peran aplikasi tidak berhak atas ini di buku pengesahan: {_utama(asal)}.")
    if isinstance(e, (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)):
        return BukuTidakTerjangkau(
            "Buku pengesahan (koneksi cmt_db) tidak menjawab. Periksa alamat, kata sandi, dan apakah PostgreSQL hidup."
        )
    # a database message may quote a value, and task logs are open to other units: only the rule's name goes out
    return BukuMenolak(f"Buku pengesahan menolak ({kode or type(asal).__name__}{', ' + aturan if aturan else ''}).")


def _utama(asal: object) -> str:
    diag = getattr(asal, "diag", None)
    return str(getattr(diag, "message_primary", None) or type(asal).__name__)


def pernyataan(nama: str) -> TextClause:
    """Return ``include/sql/ledger/<nama>.sql``, its values to be bound."""
    return _urai(muat(f"ledger/{nama}"))


@cache
def _urai(sql: str) -> TextClause:
    """Look for the names to be bound once: it takes as long as a small statement itself."""
    return text(sql)


def jalankan(conn: Connection, nama: str, /, **nilai: Any) -> CursorResult[Any]:
    """Run ``include/sql/ledger/<nama>.sql`` with its values bound."""
    return conn.execute(pernyataan(nama), nilai)


def alirkan(conn: Connection, nama: str, potong: int, /, **nilai: Any) -> CursorResult[Any]:
    """Run a SELECT of ``include/sql/ledger`` through a server-side cursor, ``potong`` rows a fetch.

    The option is set on this statement alone: on the connection it would stay, and break every write after it.
    """
    pilihan = {"stream_results": True, "yield_per": potong}
    return conn.execute(pernyataan(nama), nilai, execution_options=pilihan)


def ke_json(isi: object) -> str:
    """JSON for the ledger: decimals and instants as text, keys in order."""
    return json.dumps(isi, default=str, ensure_ascii=False, sort_keys=True)


def kursor(conn: Connection) -> psycopg.Connection[Any]:
    """Return psycopg's own connection under a SQLAlchemy one, for COPY."""
    asli = conn.connection.driver_connection
    assert isinstance(asli, psycopg.Connection)  # noqa: S101 -- the engine is always psycopg
    return asli
