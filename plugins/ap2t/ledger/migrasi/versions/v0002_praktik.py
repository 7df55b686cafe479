"""The rules of practice: what a session lays down for them, and what ACMT offers beside the contract."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns, and the guards of them."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0002_praktik").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
