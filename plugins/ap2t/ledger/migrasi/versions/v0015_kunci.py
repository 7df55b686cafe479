"""One order of locks: no guard holds a session more weakly than what follows needs it."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Replace the two guards that did."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0015_kunci").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
