"""The ledger's schema."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0001"
down_revision = None

BAGIAN = ("jejak", "sesi", "cuplikan", "persetujuan", "kiriman", "status", "jadwal", "arsip")
"""The schema's files by subject, each after those it refers to."""


def upgrade() -> None:
    """Create every table with its guards, and the views."""
    for bagian in BAGIAN:
        kursor(op.get_bind()).execute(muat(f"ledger/skema/0001_{bagian}").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
