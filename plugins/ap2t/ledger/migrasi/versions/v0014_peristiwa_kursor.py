"""How far Airflow's event log was read, whether or not something of it was kept."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Create the cursor, where the newest copied event stands."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0014_peristiwa_kursor").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
