"""Others' doings in AP2T: each change a fact of its own, written by the session that looks."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Let a change be told as often as it happens, and guard who tells it."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0008_luar_sistem").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
