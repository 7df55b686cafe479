"""What judges a changed step of the sending: stories of one seed, played in this process, and the audit after them."""

from __future__ import annotations

import pytest

from tests.simulator.__main__ import mainkan, siapkan

BENIH, CERITA = "mutasi", 60


@pytest.mark.timeout(180)  # before mutmut's own end, which would leave a PostgreSQL behind
def test_cerita() -> None:
    """Nothing is lost, doubled or unapproved, and the ledger is UTUH."""
    siapkan(None)
    from tests.simulator.panggung import buka_panggung

    with buka_panggung() as panggung:
        assert mainkan(panggung, BENIH, range(CERITA), susut=False) == 0
