"""The engine of the ledger, its transactions, and the one way to run a statement of ``include/sql/ledger``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy import Connection, CursorResult, Engine, Row, TextClause, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InvalidRequestError, MultipleResultsFound, NoResultFound, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ap2t import galat_basis, koneksi, sambungan_pg
from ap2t.galat import BukuBertabrakan, BukuMenolak, BukuTidakTerjangkau, DataTidakSah, GalatPengesahan, KoneksiTidakSah
from ap2t.sambungan_pg import TEKS_TETAP
from ap2t.sql import muat

PENYEBAB_MENOLAK = {"AP001", "AP002"}
"""SQLSTATEs of the ledger's own triggers."""

BATAS_PERINTAH, BATAS_LEKAS = 600, 30
"""Seconds that one statement may take: of a step or a command, and of a look for which a person waits."""
SETELAN = {
    **TEKS_TETAP,
    # a search path set on the database or the role could put other functions and operators before the real ones
    "search_path": "pg_catalog, pg_temp",
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "on",  # a batch must stand before it is sent
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "1min",
    "statement_timeout": "10min",
}
"""Settings of every session.

A client that holds the trail's head and stands still is ended after half a minute, before anyone who waits for it gives
up. So one frozen client delays the others and fails none of them.
"""
HANYA_BACA = {"default_transaction_read_only": "on"}
"""Besides, where nothing is ever written."""
LEKAS = {"lock_timeout": "10s", "statement_timeout": "30s"}
"""Instead, where a person waits for the look."""
LAMA = 20.0
"""Seconds after which a connection that lay idle is asked whether it still stands. Most looks are short."""


def buat_mesin(
    sambungan: koneksi.Koneksi | None = None, *, koneksi_maks: int = 4, hanya_baca: bool = False, lekas: bool = False
) -> Engine:
    """Build the ledger's engine, from connection ``cmt_db`` unless another one is given.

    :param hanya_baca: the database refuses every write.
    :param lekas: a person waits: the database refuses a statement that runs longer than half a minute.
    :raises KoneksiTidakSah: if the connection is not PostgreSQL or has no host.
    """
    sambungan = sambungan or koneksi.ambil(koneksi.BUKU)
    if sambungan.conn_type not in ("postgres", "postgresql"):
        raise KoneksiTidakSah(
            f"Koneksi {sambungan.conn_id} berjenis {sambungan.conn_type}; buku pengesahan harus PostgreSQL."
        )
    ekstra = sambungan.extra_dejson.items()
    kueri = {nama: str(isi) for nama, isi in ekstra if nama.startswith("ssl") or nama == "target_session_attrs"}
    host, basis = sambungan.host, sambungan.schema or "postgres"
    if host and host.startswith("/"):
        kueri["host"], host = host, None
    masuk = sambungan.login, sambungan.password
    alamat = URL.create("postgresql+psycopg", *masuk, host, sambungan.port, basis, query=kueri)
    mesin = create_engine(
        alamat,
        pool_size=koneksi_maks,
        max_overflow=2,
        hide_parameters=True,
        use_native_hstore=False,  # nothing here is one, and each task would ask for it anew
        connect_args=dict(sambungan_pg.TCP),
    )
    setelan = {**SETELAN, **(HANYA_BACA if hanya_baca else {}), **(LEKAS if lekas else {})}
    batas, lama = (BATAS_LEKAS, LAMA) if lekas else (BATAS_PERINTAH, 0.0)
    sambungan_pg.jaga(mesin, sambungan.conn_id, setelan, batas=batas, lama=lama)
    return mesin


@contextmanager
def terjemah() -> Iterator[None]:
    """Turn the driver's errors into ours, wherever in a transaction or a stream they come."""
    try:
        yield
    except (NoResultFound, MultipleResultsFound):
        raise
    except (DBAPIError, PoolTimeout, InvalidRequestError, psycopg.Error) as galat:
        raise terjemahkan(galat) from None


def terjemahkan(galat: SQLAlchemyError | psycopg.Error) -> GalatPengesahan:
    """Turn a driver's error into one of ours. The guards' own words are kept.

    Any other message may quote a value, and task logs are open to other units: only the rule's name goes out.
    """
    asal = galat.orig if isinstance(galat, DBAPIError) else galat
    dikenal = galat_basis.kenali(galat)
    if dikenal.kode in PENYEBAB_MENOLAK:
        return BukuMenolak(f"Buku pengesahan menolak: {_utama(asal)} ({dikenal.asli}).")
    aturan = getattr(getattr(asal, "diag", None), "constraint_name", None)
    if aturan == "bacaan_pkey":
        return BukuMenolak(
            "Ada idpel yang muncul lebih dari sekali dalam kelompok ini di v_bacaan. Hapus baris gandanya di ACMT lalu "
            f"ulangi; tidak ada yang diposting ({dikenal.asli})."
        )
    golongan = dikenal.kode[:2]
    kalimat = dikenal.kalimat(
        galat_basis.BUKU, _utama(asal) if dikenal.kode == "42501" else f"aturan {aturan}" if aturan else ""
    )
    if golongan == "40":
        return BukuBertabrakan(kalimat)
    if golongan == "22":
        return DataTidakSah(kalimat)
    if golongan in _MENOLAK or dikenal.sebab is galat_basis.LAIN:
        return BukuMenolak(kalimat)
    return BukuTidakTerjangkau(kalimat, permanen=not dikenal.sebab.ulang)


_MENOLAK = ("0A", "23", "3F", "42", "54")
"""Classes in which the ledger is there, and says no."""


def _utama(asal: object) -> str:
    diag = getattr(asal, "diag", None)
    return str(getattr(diag, "message_primary", None) or type(asal).__name__)


# Looking for the names to be bound takes as long as a small statement itself.
_urai = cache(text)


def pernyataan(nama: str) -> TextClause:
    """Return a statement of ``include/sql/ledger``, its values to be bound."""
    return _urai(muat(f"ledger/{nama}"))


@cache
def _pernyataan_jumlah(nama: tuple[str, ...]) -> TextClause:
    satu = (f"(SELECT count(*) FROM (\n{muat(f'ledger/{satu}')}\n) AS satu)" for satu in nama)  # noqa: S608 -- our own files
    return text("SELECT " + " + ".join(satu))


def jalankan(conn: Connection, nama: str, /, **nilai: Any) -> CursorResult[Any]:
    """Run a statement of ``include/sql/ledger`` with its values bound."""
    return conn.execute(pernyataan(nama), nilai)


def ke_json(isi: object) -> str:
    """JSON for the ledger: decimals and instants as text, keys in order."""
    return json.dumps(isi, default=str, ensure_ascii=False, sort_keys=True)


def kursor(conn: Connection) -> psycopg.Connection[Any]:
    """Return psycopg's own connection under a SQLAlchemy one, for COPY."""
    asli = conn.connection.driver_connection
    assert isinstance(asli, psycopg.Connection)  # noqa: S101 -- the engine is always psycopg
    return asli


Baris = TypeVar("Baris")


def bernama(
    hasil: CursorResult[Any], bagian: Iterable[Sequence[Row[Any]]], bentuk: Callable[..., Baris]
) -> Iterator[Baris]:
    """Turn a result's rows into a NamedTuple by the names of their columns, which are its fields.

    Where the columns stand in the order of the fields, no name is looked up row by row.

    :param bagian: the rows, many at a time: one by one they take SQLAlchemy far longer.
    """
    semua = chain.from_iterable(bagian)
    if tuple(hasil.keys()) == getattr(bentuk, "_fields", None):
        return map(bentuk._make, semua)  # type: ignore[attr-defined]
    return (bentuk(**baris._mapping) for baris in semua)


class Tabel:
    """A group of the ledger's tables within one transaction.

    :param conn: the connection of that transaction.
    """

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def jalankan(self, nama: str, /, **nilai: Any) -> CursorResult[Any]:
        """Run a statement (:func:`jalankan`)."""
        return jalankan(self.conn, nama, **nilai)

    def jumlah_baris(self, nama: tuple[str, ...], /, **nilai: Any) -> int:
        """Count the rows of several SELECTs of ``include/sql/ledger`` together, in one statement."""
        return int(self.conn.execute(_pernyataan_jumlah(nama), nilai).scalar_one())

    def alirkan(self, nama: str, potong: int, /, **nilai: Any) -> CursorResult[Any]:
        """Run a SELECT through a server-side cursor, ``potong`` rows a fetch.

        The option is set on this statement alone: on the connection it would stay, and break every write after it.
        """
        pilihan = {"stream_results": True, "yield_per": potong}
        return self.conn.execute(pernyataan(nama), nilai, execution_options=pilihan)

    @contextmanager
    def rencana(self, nama: str) -> Iterator[None]:
        """Have the planner go by a statement's settings until the block ends, in which nothing is written.

        An error ends the transaction, and the settings with it.
        """
        bagian = self.conn.begin_nested()
        self.jalankan(nama)
        yield
        bagian.rollback()

    @contextmanager
    def salin(self, nama: str, /, **nilai: Any) -> Iterator[psycopg.Copy]:
        """Run a COPY, its values written into it as literals."""
        perintah = sql.SQL(muat(f"ledger/{nama}")).format(**{kunci: sql.Literal(isi) for kunci, isi in nilai.items()})
        with kursor(self.conn).cursor() as cur, cur.copy(perintah) as salin:
            yield salin

    def semua_baris(self, bentuk: Callable[..., Baris], nama: str, /, **nilai: Any) -> list[Baris]:
        """Return every row of a statement as the NamedTuple ``bentuk``."""
        hasil = self.jalankan(nama, **nilai)
        return list(bernama(hasil, [hasil.all()], bentuk))

    def alir_baris(self, bentuk: Callable[..., Baris], nama: str, potong: int, /, **nilai: Any) -> Iterator[Baris]:
        """Stream the rows of a statement, ``potong`` a fetch."""
        hasil = self.alirkan(nama, potong, **nilai)
        return bernama(hasil, hasil.partitions(), bentuk)

    def satu_baris(self, bentuk: Callable[..., Baris], nama: str, /, **nilai: Any) -> Baris:
        """Return the one row of a statement."""
        return bentuk(**self.jalankan(nama, **nilai).one()._mapping)

    def mungkin_baris(self, bentuk: Callable[..., Baris], nama: str, /, **nilai: Any) -> Baris | None:
        """Return the one row of a statement. None: it returns none."""
        baris = self.jalankan(nama, **nilai).one_or_none()
        return None if baris is None else bentuk(**baris._mapping)
