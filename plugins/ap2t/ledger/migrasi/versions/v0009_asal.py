"""The link from a cancelled row to its approval cannot be left out."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Have each row of a cancellation point to what it undoes."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0009_asal").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
