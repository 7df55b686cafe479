"""Sums of where the customers stand, kept while the facts are written."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the sums, what keeps them, and fill them from what was written before."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0007_status").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
