"""Cancelling approvals: what was asked, the snapshot of it, and its guards."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the cancellations' tables and let the guards know of them."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0005_pembatalan").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
