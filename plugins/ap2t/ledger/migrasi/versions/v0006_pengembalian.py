"""Customers sent back, whether ACMT was told, and the size of the sample for inspection."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table of customers sent back and the session's sample size."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0006_pengembalian").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
