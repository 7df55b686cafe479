"""Rows of a COPY gathered into blocks: the same rows and the same errors as one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest

from ap2t.sambungan_pg import blok_salin


@pytest.fixture
def conn(acmt_server: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(acmt_server) as conn:
        yield conn


def deret(banyak: int, isi: str = "i") -> str:
    return f"COPY (SELECT {isi} FROM generate_series(1, {banyak}) i) TO STDOUT"  # noqa: S608


@pytest.mark.parametrize("potong", [1, 2, 3, 7, 5000])
@pytest.mark.parametrize("banyak", [0, 1, 6, 7, 20_000])
def test_semua_baris_sekali(conn: psycopg.Connection[Any], banyak: int, potong: int) -> None:
    """Each row once and in order, ``potong`` a block but in the last one; afterwards the connection serves on."""
    with conn.cursor() as kursor, kursor.copy(deret(banyak)) as salin:
        blok = list(blok_salin(salin, potong))
    assert b"".join(blok) == b"".join(b"%d\n" % n for n in range(1, banyak + 1))
    jumlah = [satu.count(b"\n") for satu in blok]
    assert jumlah == [potong] * (banyak // potong) + ([banyak % potong] if banyak % potong else [])
    assert conn.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("potong", [1, 3, 5000])
def test_galat_di_tengah(conn: psycopg.Connection[Any], potong: int) -> None:
    """What fails in the middle is told, and no block after it is given."""
    blok = []
    with (
        pytest.raises(psycopg.errors.DivisionByZero),
        conn.cursor() as kursor,
        kursor.copy(deret(9, "1 / (5 - i)")) as salin,
    ):
        blok.extend(blok_salin(salin, potong))
    assert sum(satu.count(b"\n") for satu in blok) <= 4
    conn.rollback()
    assert conn.execute("SELECT 1").fetchone() == (1,)


def test_ditinggal_di_tengah(conn: psycopg.Connection[Any]) -> None:
    """Whom an error stops early leaves a connection that serves on."""
    with suppress(KeyError), conn.cursor() as kursor, kursor.copy(deret(200_000)) as salin:
        assert next(blok_salin(salin, 2)) == b"1\n2\n"
        raise KeyError
    conn.rollback()
    assert conn.execute("SELECT 1").fetchone() == (1,)
