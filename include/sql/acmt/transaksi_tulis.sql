-- PostgreSQL sessions read only by default (koneksi.py); this transaction writes. Must be its first statement.
SET TRANSACTION READ WRITE
