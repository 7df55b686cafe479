"""Simulated time: one clock for the product, one for the ledger. Waiting moves both, and nothing ever sleeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import psycopg
import pytest

AWAL = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
LEDGER = """
CREATE SCHEMA sim;
GRANT USAGE ON SCHEMA sim TO PUBLIC;
CREATE UNLOGGED TABLE sim.jam (geser interval NOT NULL);
INSERT INTO sim.jam VALUES ('0');
GRANT SELECT ON sim.jam TO PUBLIC;
SET allow_system_table_mods = on;
"""
FUNGSI = """
CREATE FUNCTION sim.{nama}() RETURNS timestamptz LANGUAGE internal STRICT {sifat} AS '{nama}';
CREATE OR REPLACE FUNCTION pg_catalog.{nama}() RETURNS timestamptz LANGUAGE plpgsql STRICT {sifat} AS
$$ BEGIN RETURN sim.{nama}() + (SELECT j.geser FROM sim.jam j); END $$;
"""


def pasang_di_buku(conn: psycopg.Connection[Any]) -> None:
    """Let a ledger ask the simulated clock, whichever way it asks: its own functions and defaults stay as they are."""
    conn.execute(LEDGER)
    for nama, sifat in (("clock_timestamp", "VOLATILE"), ("now", "STABLE"), ("statement_timestamp", "STABLE")):
        conn.execute(FUNGSI.format(nama=nama, sifat=sifat).encode())


class Waktu:
    """The clocks. ``beda``: how far the ledger's goes wrong."""

    def __init__(self) -> None:
        self.kini = self._awal = AWAL
        self.detik, self.beda = 0.0, timedelta()
        self._buku: psycopg.Connection[Any] | None = None
        self._terpasang: datetime | None = None

    def pakai(self, buku: psycopg.Connection[Any]) -> None:
        """Take the connection over which the ledger is told."""
        self._buku = buku

    def mulai(self, jam: int) -> None:
        """Begin anew, for a story of its own, so many hours later than the first."""
        self._awal = AWAL + timedelta(hours=jam)
        self.detik = 0.0
        self.betulkan()

    @property
    def benar(self) -> datetime:
        """The time as it is, whatever the clocks say."""
        return self._awal + timedelta(seconds=self.detik)

    def betulkan(self) -> None:
        """Set both clocks right."""
        self.kini, self.beda = self.benar, timedelta()
        self.beri_tahu_buku()

    def maju(self, detik: float) -> None:
        """Let time pass, for everybody."""
        self.kini += timedelta(seconds=detik)
        self.detik += detik

    def lompat(self, detik: float) -> None:
        """Let the product's own clock be set, which moves no stopwatch; the ledger's stays."""
        self.kini += timedelta(seconds=detik)
        self.beda -= timedelta(seconds=detik)

    def beri_tahu_buku(self) -> None:
        """Tell the ledger what time it is, where that changed by much."""
        kini = self.kini + self.beda
        if self._terpasang is not None and timedelta() <= kini - self._terpasang < timedelta(seconds=1):
            return
        assert self._buku is not None
        self._buku.execute("UPDATE sim.jam SET geser = %s - sim.clock_timestamp()", [kini])
        self._terpasang = kini

    def pasang(self, mp: pytest.MonkeyPatch) -> None:
        """Put this clock in the place of the product's."""
        mp.setattr("ap2t.jam.sekarang", lambda: self.kini)
        mp.setattr("ap2t.jam.monoton", lambda: self.detik)
        mp.setattr("ap2t.jam.tidur", self.maju)

        def tunggu(kejadian: Event, detik: float) -> bool:
            self.maju(detik)
            return kejadian.is_set()

        mp.setattr("ap2t.jam.tunggu", tunggu)
