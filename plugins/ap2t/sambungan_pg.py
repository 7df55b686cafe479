"""Connections to PostgreSQL, the ledger's and a source's: settings that are sure to hold, and waits that end.

Settings are set by statements once the session stands, not at its start. PgBouncer refuses or drops startup options,
and nobody would notice that text is read in another zone or a role's search path is believed. Each new connection is
looked at afterwards, and one that does not hold what was set is refused. A mark in the session tells at each checkout
whether it is still the same one. Where PgBouncer hands sessions round by transaction it is not, and that is refused
too. No wait of the client is without end either: a server that is frozen answers no statement timeout of its own.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Final

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.waiting import Wait
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from ap2t import jam
from ap2t.galat import KoneksiTidakSah
from ap2t.sql import muat

BATAS_SAMBUNG = 10
"""Seconds to wait for a connection."""
SISA = 15.0
"""Seconds beyond the server's own limit of a statement after which the client gives up on it."""
SABAR = "ap2t_sabar"
"""Execution option of an engine behind which a person waits: seconds for a connection and for each answer."""
TCP: Final[Mapping[str, Any]] = {
    "connect_timeout": BATAS_SAMBUNG,
    "application_name": "ap2t-pengesahan",
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""Arguments of libpq. A peer that is gone is noticed within a minute (milliseconds in the last, seconds elsewhere)."""
TEKS_TETAP: Final[Mapping[str, str]] = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "client_encoding": "UTF8",
}
"""Settings that the text of a value hangs on, and with it every digest over such text."""
TAK_DISETEL: Final[Mapping[str, str]] = {"session_replication_role": "origin"}
"""Set to anything else, no trigger would guard anything. Only a superuser can set it, so it is looked at alone."""
_TANDA = "ap2t.tanda"


class KoneksiBerbatas(psycopg.Connection[Any]):
    """A connection none of whose waits is without end. One that waited in vain is closed."""

    batas: float | None = None
    """Seconds that one statement, or one piece of a stream, may take to come."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As the driver's own, but close what waited in vain: its answer could reach whatever is asked next."""
        try:
            return super().wait(gen, interval, self.batas if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()
            raise


def blok_salin(salin: psycopg.Copy, potong: int) -> Iterator[bytes]:
    """Gather what a COPY sends (a row a message, line end included) into the text of ``potong`` rows each.

    The driver waits for one row at a time, which takes longer than the row. Here it waits for the first of those that
    have come, and each row's buffer is given back at once: to hold many of them takes far longer, too.
    """
    teks, jumlah = bytearray(), 0
    while not salin._finished:
        baru, isi = salin.connection.wait(_yang_ada(salin, potong - jumlah))
        teks += isi
        jumlah += baru
        if jumlah == potong:
            yield bytes(teks)
            teks.clear()
            jumlah = 0
    if teks:
        yield bytes(teks)


def _yang_ada(salin: psycopg.Copy, batas: int) -> PQGen[tuple[int, bytes]]:
    """Take the rows that have come, at most so many, or wait for the first one or the end."""
    pgconn, teks, jumlah = salin._pgconn, bytearray(), 0
    while jumlah < batas:
        panjang, isi = pgconn.get_copy_data(1)
        if panjang > 0:
            teks += isi
            jumlah += 1
        elif panjang < 0:  # as psycopg's own reading of one row ends
            (hasil,) = yield from fetch_many(pgconn)
            salin._finished = True
            if hasil.status != ExecStatus.COMMAND_OK:
                raise error_from_result(hasil)
            break
        elif jumlah:
            break
        else:
            while not (yield Wait.R):
                continue
            pgconn.consume_input()
    return jumlah, bytes(teks)


def jaga(mesin: Engine, conn_id: str, setelan: Mapping[str, str], *, batas: float | None, lama: float = 0.0) -> None:
    """Have every connection of an engine opened, set up and looked after as this module says.

    :param conn_id: the connection's id, for messages. :param setelan: settings as PostgreSQL shows them.
    :param batas: seconds of the longest statement; None: no limit. :param lama: a connection that lay idle for fewer
        seconds is not asked whether it still stands, where each look has to be quick.
    """
    harus = {**setelan, **TAK_DISETEL}

    @event.listens_for(mesin, "do_connect")
    def _(_dialek: Any, _catatan: Any, cargs: Any, cparams: Any) -> psycopg.Connection[Any]:
        sabar = mesin.get_execution_options().get(SABAR)
        lekas = {} if sabar is None else {"connect_timeout": min(BATAS_SAMBUNG, sabar)}
        return KoneksiBerbatas.connect(*cargs, **{**cparams, **lekas})

    @event.listens_for(mesin, "connect")
    def _(dbapi: Any, catatan: ConnectionPoolEntry) -> None:
        sisa = None if batas is None else batas + SISA
        dbapi.batas = mesin.get_execution_options().get(SABAR, sisa)
        catatan.info["tanda"] = tanda = secrets.token_hex(8)
        _tanya(dbapi, "pasang_setelan", isi=json.dumps({**setelan, _TANDA: tanda}))
        if lain := beda(dbapi, harus):
            dbapi.close()
            raise _tidak_berlaku(conn_id, lain)

    @event.listens_for(mesin, "checkin")
    def _(_: Any, catatan: ConnectionPoolEntry) -> None:
        catatan.info["sejak"] = jam.monoton()

    @event.listens_for(mesin, "checkout")
    def _(dbapi: Any, catatan: ConnectionPoolEntry, _wakil: Any) -> None:
        sejak = catatan.info.get("sejak")
        if sejak is None or jam.monoton() - sejak < lama:
            return
        try:
            tanda = _tanya(dbapi, "lihat_tanda")[0][0]
        except psycopg.Error:
            raise DisconnectionError from None  # the pool opens another one
        if tanda != catatan.info["tanda"]:
            raise _tidak_berlaku(conn_id, ["sesinya berganti-ganti"])


def beda(conn: Any, setelan: Mapping[str, str]) -> list[str]:
    """Name the settings that are not as wanted in a session: ``TimeZone Asia/Jakarta (harus UTC)``."""
    terpasang = [nilai for (nilai,) in _tanya(conn, "lihat_setelan", nama=json.dumps(list(setelan)))]
    return [
        f"{nama} {kini} (harus {harus})"
        for (nama, harus), kini in zip(setelan.items(), terpasang, strict=True)
        if kini != harus
    ]


def periksa_sepasang(satu: Connection, dua: Connection, setelan: Mapping[str, str]) -> list[str]:
    """Name what is not as it should be in a session, and whether two connections share one.

    Connecting refuses already what it can see. Where something hands sessions round, it may not see it at once.
    """
    asli = [conn.connection.driver_connection for conn in (satu, dua)]
    lain = beda(asli[0], {**setelan, **TAK_DISETEL})
    if len({_tanya(conn, "lihat_proses")[0][0] for conn in asli}) < len(asli):
        lain.append("dua koneksi memakai satu sesi server (PgBouncer membagi per transaksi)")
    return lain


def _tanya(conn: Any, perintah: str, /, **nilai: str) -> list[Any]:
    """Run one statement outside any transaction, so that nothing takes back what it sets."""
    semula = conn.autocommit
    if not semula:
        conn.autocommit = True
    try:
        return list(conn.execute(muat(f"postgres/{perintah}").encode(), nilai))
    finally:
        if not semula and not conn.closed:
            conn.autocommit = semula


def _tidak_berlaku(conn_id: str, apa: list[str]) -> KoneksiTidakSah:
    return KoneksiTidakSah(
        f"Setelan sesi pada koneksi {conn_id} tidak seperti seharusnya: {', '.join(apa)}. Ada PgBouncer yang membagi "
        "sesi per transaksi (pakai pool_mode=session, atau sambungkan langsung), atau setelan itu dipasang pada "
        "perannya (ALTER ROLE … RESET). Tidak ada yang dibaca atau ditulis."
    )
