"""Alembic migrations of the ledger; the SQL itself stands in include/sql/ledger/skema."""
