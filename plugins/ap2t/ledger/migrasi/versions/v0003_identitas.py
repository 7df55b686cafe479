"""A name of the ledger's own, for the seals of its trail."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the identity."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0003_identitas").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
