"""Facts in the order of their sessions and steps, not of the clock."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Replace the views, and put right the sums that a bent clock made wrong."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0018_urut").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
