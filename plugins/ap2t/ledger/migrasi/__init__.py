"""Alembic migrations of the ledger. Their SQL stands in include/sql/ledger/skema."""
