"""Archived sessions: their readings leave for a file, and nothing is approved in their months any more."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create table and guards."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0013_arsip").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
