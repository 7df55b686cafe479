"""Instants as a person reads them: in a named zone, with its label."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONA_PUSAT = "Asia/Jakarta"
"""Days that belong to no unit (seals, periods of an audit) are Jakarta's."""


def setempat(saat: datetime, zona: str = ZONA_PUSAT) -> str:
    """Write an instant in a zone, with the zone's label: ``2026-06-03 14:05:12 WIB``."""
    return f"{saat.astimezone(ZoneInfo(zona)):%Y-%m-%d %H:%M:%S %Z}"


def hari(saat: datetime) -> date:
    """Return the day of an instant in ``ZONA_PUSAT``."""
    return saat.astimezone(ZoneInfo(ZONA_PUSAT)).date()


def awal_hari(hari_: date) -> datetime:
    """Return the first instant of a day in ``ZONA_PUSAT``."""
    return datetime.combine(hari_, time(), ZoneInfo(ZONA_PUSAT))


def akhir_hari(hari_: date) -> datetime:
    """Return the first instant after a day in ``ZONA_PUSAT``."""
    return awal_hari(hari_ + timedelta(days=1))
