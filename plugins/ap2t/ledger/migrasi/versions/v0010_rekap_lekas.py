"""An index for what a session saw last, so that the rekap does not read its whole trail."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the index."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0010_rekap_lekas").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
