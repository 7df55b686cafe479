"""The outbox of notifications, and how far into the trail it has read."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create the tables."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0012_pemberitahuan").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
