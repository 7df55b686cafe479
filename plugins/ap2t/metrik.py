"""Hands metrics, what the steps count and time, to whoever collects them. Knows no Airflow.

Nothing is collected until somebody sets a sink with :func:`pasang`. Inside Airflow that is its own metrics
(:class:`ap2t.operators.dasar.MetrikAirflow`), elsewhere a test. A sink that fails never touches the work that is
measured.

Every name begins with ``pengesahan.`` and holds whatever tells measurements apart. Plain StatsD drops tags, and gauges
told apart by a tag alone would overwrite each other there. No name holds a customer, a person or a unit. Every name
stands in the table of ``docs/pengelola/operasi.md``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Protocol

AWALAN = "pengesahan."
catatan = logging.getLogger(__name__)


class Penampung(Protocol):
    """Takes measurements under their complete names."""

    def tambah(self, nama: str, jumlah: int) -> None:
        """Count up."""

    def nilai(self, nama: str, nilai: float) -> None:
        """Set a gauge."""

    def lama(self, nama: str, milidetik: float) -> None:
        """Record a duration."""


_penampung: Penampung | None = None


def pasang(penampung: Penampung | None) -> None:
    """Send every measurement of this process there from now on, or nowhere where it is None."""
    global _penampung
    _penampung = penampung


def tambah(nama: str, jumlah: int = 1) -> None:
    """Count ``jumlah`` more of something."""
    _serahkan(lambda penampung: penampung.tambah(AWALAN + nama, jumlah))


def tambah_semua(awalan: str, jumlah: Mapping[str, int]) -> None:
    """Count several things of one kind at once, each named by ``awalan`` and its key in lower case."""
    for apa, berapa in jumlah.items():
        tambah(f"{awalan}.{apa.lower()}", berapa)


def nilai(nama: str, besar: float) -> None:
    """Say how large something is now."""
    _serahkan(lambda penampung: penampung.nilai(AWALAN + nama, besar))


def lama(nama: str, detik: float) -> None:
    """Say how long something took."""
    _serahkan(lambda penampung: penampung.lama(AWALAN + nama, detik * 1000))


def _serahkan(kerja: Callable[[Penampung], None]) -> None:
    if _penampung is None:
        return
    try:
        kerja(_penampung)
    except Exception as galat:  # a collector that is away must not fail a posting
        catatan.debug("metrik tidak tersampaikan: %s", type(galat).__name__)
