"""The rules of practice: what a session lays down for them, and what ACMT offers beside the contract."""

from ap2t.ledger.migrasi import langkah

revision, down_revision = "0002", "0001"
upgrade, downgrade = langkah("ledger/skema/0002_praktik")
