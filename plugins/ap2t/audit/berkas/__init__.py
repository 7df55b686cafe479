"""A session's file: written, read back and checked without the ledger."""
