"""Answers as they came through a gate, written down before anything judges them."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Create table, view and guards."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0017_jawaban_tiba").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
