"""Which events of Airflow's own log were copied into the trail."""

from alembic import op

from ap2t.ledger.mesin import kursor
from ap2t.sql import muat

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the list of copied events."""
    kursor(op.get_bind()).execute(muat("ledger/skema/0004_peristiwa_airflow").encode())


def downgrade() -> None:
    """Refuse: the ledger's history is never taken back."""
    raise NotImplementedError("Buku pengesahan tidak punya jalan mundur: pulihkan dari cadangan.")
