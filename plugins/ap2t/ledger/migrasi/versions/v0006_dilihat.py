"""What people at a gate have looked at is marked, by a role that can do nothing else."""

from ap2t.ledger.migrasi import langkah

revision, down_revision = "0006", "0005"
upgrade, downgrade = langkah("ledger/skema/0006_dilihat")
