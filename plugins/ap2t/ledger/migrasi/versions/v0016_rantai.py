"""What the sieve judges by: the calendar, the instant of the snapshot, the chain of stans."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add columns and guards."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0016_rantai").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
