"""The first schema of the ledger."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create sessions, snapshot, sieve, gates, approvals, batches, outcomes and the trail."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0001_awal").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
