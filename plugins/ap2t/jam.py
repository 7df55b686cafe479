"""The one clock: what time it is, how long ago something was, and waiting.

Whoever waits or asks the time asks here, by the module (``jam.tidur(3)``), so that a test can put another clock in its
place. The ledger has a clock of its own, and what it writes down is by that one.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from threading import Event


def sekarang() -> datetime:
    """Return the present instant, UTC."""
    return datetime.now(UTC)


def monoton() -> float:
    """Return seconds that only ever grow, from some beginning."""
    return time.monotonic()


def tidur(detik: float) -> None:
    """Wait so many seconds."""
    time.sleep(detik)


def tunggu(kejadian: Event, detik: float) -> bool:
    """Wait for an event, so many seconds at most. Return whether it happened."""
    return kejadian.wait(detik)
