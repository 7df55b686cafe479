"""One configuration for all units; sessions with deadlines; separation of duties in the ledger."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Replace pola_unit by konfigurasi and let the guards know of it."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0002_konfigurasi").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
