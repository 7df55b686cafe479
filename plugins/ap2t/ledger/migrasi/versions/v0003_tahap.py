"""What is approved never waits at its gate again."""

from ap2t.ledger.migrasi import langkah

revision, down_revision = "0003", "0002"
upgrade, downgrade = langkah("ledger/skema/0003_tahap")
