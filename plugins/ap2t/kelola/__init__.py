"""What only the ledger's owner does: patterns, archive, the check of an installation."""
