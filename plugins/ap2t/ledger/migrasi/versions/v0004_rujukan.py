"""Large tables name sessions and batches without a foreign key; batches are compared where they may meet."""

from ap2t.ledger.migrasi import langkah

revision, down_revision = "0004", "0003"
upgrade, downgrade = langkah("ledger/skema/0004_rujukan", "ledger/skema/fungsi")
