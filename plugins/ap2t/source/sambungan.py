"""The connection to ACMT: statements with bound values, and the database's errors as the project's own.

Every statement is portable (no casts, nothing of one product only). :mod:`ap2t.source.koneksi` makes the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NoReturn

import psycopg
from sqlalchemy import Connection, Engine, Row, TextClause, bindparam, text
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidRequestError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.types import NullType

from ap2t.galat import SumberTidakSesuai, SumberTidakTerjangkau
from ap2t.galat_basis import UMUM, Basis, kenali
from ap2t.source.kontrak import KONTRAK, kolom_terbaca, probe
from ap2t.sql import muat

_TIDAK_MELAYANI = ("08", "25", "28", "3D", "40", "53", "55", "57", "58", "XX")
"""Classes of SQLSTATE in which no view is at fault: asking more would only wait again."""


class SambunganAcmt:
    """One deployment's ACMT database, as a place to ask.

    Errors: :class:`~ap2t.galat.SumberTidakTerjangkau` when it does not answer,
    :class:`~ap2t.galat.SumberTidakSesuai` when it breaks the contract.

    :param engine: see :func:`ap2t.source.koneksi.buat_engine`.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def periksa_kontrak(self) -> None:
        """Check that every view of the contract can be read with all its columns.

        :raises SumberTidakSesuai: naming each view and column that is missing or may not be read.
        """
        kurang: list[str] = []
        for view, kolom in KONTRAK.items():
            with self.sambung() as conn:
                try:
                    conn.execute(probe(view, kolom))
                except DBAPIError as galat:
                    if self._tidak_melayani(galat):
                        raise self._tidak_terjangkau(galat) from galat
                    conn.rollback()
                    kurang.append(f"{self._sebab_view(conn, view, kolom)} ({kenali(galat).asli})")
        if kurang:
            raise SumberTidakSesuai(
                f"ACMT di {self._alamat} tidak sesuai kontrak: {'; '.join(kurang)}. "
                "Minta pengelola basis data ACMT melengkapi view itu menurut kontrak, lalu ulangi."
            )

    def mentah(
        self, nama: str, maks: int | None = None, /, *, kolom: Sequence[str] = (), **nilai: str
    ) -> Sequence[Row[Any]]:
        """Return rows as the driver gives them, ``maks`` at most: to look at how the source writes its values.

        :param kolom: the columns, where the statement leaves them open.
        """
        with self.sambung() as conn, self.jelaskan():
            hasil = conn.execute(ikat(muat(nama).replace("{kolom}", ", ".join(kolom)), nilai), nilai)
            return hasil.fetchall() if maks is None else hasil.fetchmany(maks)

    @contextmanager
    def sambung(self) -> Iterator[Connection]:
        """Open a connection. One that is lost while it is opened or given back leaves as the project's error too."""
        try:
            conn = self.engine.connect()
        except (SQLAlchemyError, psycopg.Error) as galat:
            raise self._tidak_terjangkau(galat, menyambung=True) from galat
        try:
            with conn:
                yield conn
        except (DBAPIError, InvalidRequestError, PoolTimeout, psycopg.Error) as galat:
            raise self._tidak_terjangkau(galat) from galat

    @contextmanager
    def jelaskan(self) -> Iterator[None]:
        """Turn the database's errors into the project's. Those of the caller pass unchanged."""
        try:
            yield
        except DBAPIError as galat:
            self._terjemahkan(galat)
        except UnicodeError:  # the driver's own: what it could not read is in it
            raise SumberTidakSesuai(
                f"ACMT di {self._alamat} memberi teks yang bukan dalam character set-nya sendiri. Minta pengelola ACMT "
                "memperbaiki view itu (character set kolomnya), lalu ulangi."
            ) from None

    def _terjemahkan(self, galat: DBAPIError) -> NoReturn:
        dikenal = kenali(galat)
        if self._tidak_melayani(galat):
            raise self._tidak_terjangkau(galat) from galat
        self.periksa_kontrak()  # says which view or column, if that is the reason
        if dikenal.kode == UMUM and isinstance(galat, OperationalError | InterfaceError):
            raise self._tidak_terjangkau(galat) from galat
        raise SumberTidakSesuai(
            f"ACMT di {self._alamat} menolak perintah ({self._pesan(galat)}; {dikenal.asli}). "
            "Periksa hak pengguna acmt_db dan isi view menurut kontrak, lalu ulangi."
        ) from galat

    @staticmethod
    def _tidak_melayani(galat: DBAPIError) -> bool:
        """Whether the database itself cannot serve now, so that no view is at fault."""
        return terputus(galat) or kenali(galat).kode[:2] in _TIDAK_MELAYANI

    def _sebab_view(self, conn: Connection, view: str, kolom: Sequence[str]) -> str:
        """Say why a view cannot be read as the contract has it, with the right that the contract grants alone."""
        ada = kolom_terbaca(conn, view, kolom, self._tidak_melayani)
        if not ada:
            return f"view acmt.{view} tidak ada atau tidak boleh dibaca (hak SELECT)"
        hilang = [nama for nama in kolom if nama not in ada]
        if hilang:
            return f"view acmt.{view} tanpa kolom {', '.join(hilang)} (atau tidak boleh dibaca)"
        return f"view acmt.{view} gagal dijalankan"

    def _tidak_terjangkau(
        self, galat: SQLAlchemyError | psycopg.Error, *, menyambung: bool = False
    ) -> SumberTidakTerjangkau:
        dikenal = kenali(galat)
        basis = Basis(f"basis data ACMT di {self._alamat}", "acmt_db", "pengelola ACMT", "Minta pengelola ACMT.")
        return SumberTidakTerjangkau(
            dikenal.kalimat(basis, self._pesan(galat, menyambung=menyambung)),
            permanen=not dikenal.sebab.ulang and dikenal.kode != UMUM,
        )

    @property
    def _alamat(self) -> str:
        """Where the database is, without user or password."""
        url = self.engine.url
        tempat = url.host or url.query.get("host") or "berkas setempat"
        return f"{tempat}{f':{url.port}' if url.port else ''}/{url.database or ''}"

    def _pesan(self, galat: SQLAlchemyError | psycopg.Error, *, menyambung: bool = False) -> str:
        """Return the error's class, and of a connection that was never made the driver's first line too.

        A driver's words about a statement may quote a reading or a name, and task logs are open to other units. The
        password is struck out should it be in them.
        """
        asal = getattr(galat, "orig", None) or galat
        if not menyambung:
            return type(asal).__name__
        baris = (str(asal).strip().splitlines() or [""])[0][:200]
        sandi = self.engine.url.password
        return f"{type(asal).__name__}: {baris.replace(str(sandi), '***') if sandi else baris}"


def galat_pg(conn: psycopg.Connection[Any], galat: psycopg.Error) -> DBAPIError:
    """Wrap a driver's error as SQLAlchemy does, so that it is explained like any other."""
    jenis = OperationalError if isinstance(galat, psycopg.OperationalError | psycopg.InterfaceError) else DBAPIError
    return jenis("COPY", None, galat, hide_parameters=True, connection_invalidated=conn.broken)


def ikat(sql: str, nilai: dict[str, str]) -> TextClause:
    """Bind values without a type, so that no dialect writes a cast around them: the column decides."""
    return _urai(sql, tuple(nilai))


@cache
def _urai(sql: str, nama: tuple[str, ...]) -> TextClause:
    return text(sql).bindparams(*(bindparam(satu, type_=NullType()) for satu in nama))


def terputus(galat: DBAPIError) -> bool:
    """Tell whether the connection is gone."""
    return bool(galat.connection_invalidated)
