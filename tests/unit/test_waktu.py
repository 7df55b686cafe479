"""Instants as a person reads them: in a named zone, never without its label."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ap2t.domain.teks import akhir_hari, awal_hari, hari, setempat

MALAM = datetime(2026, 6, 3, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zona", "teks"),
    [
        ("Asia/Jakarta", "2026-06-04 00:30:00 WIB"),
        ("Asia/Makassar", "2026-06-04 01:30:00 WITA"),
        ("Asia/Jayapura", "2026-06-04 02:30:00 WIT"),
    ],
)
def test_waktu_setempat_dengan_label(zona: str, teks: str) -> None:
    assert setempat(MALAM, zona) == teks


def test_hari_menurut_jakarta() -> None:
    """Days of seals and periods begin at midnight in Jakarta; both ends of a day are instants."""
    assert hari(MALAM) == date(2026, 6, 4)
    assert awal_hari(date(2026, 6, 4)) == datetime(2026, 6, 3, 17, tzinfo=UTC)
    assert akhir_hari(date(2026, 6, 4)) == datetime(2026, 6, 4, 17, tzinfo=UTC)
