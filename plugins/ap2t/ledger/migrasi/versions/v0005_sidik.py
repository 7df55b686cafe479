"""A session's digest takes its rows in as a tree of salted leaves."""

from ap2t.ledger.migrasi import langkah

revision, down_revision = "0005", "0004"
upgrade, downgrade = langkah("ledger/skema/0005_sidik")
