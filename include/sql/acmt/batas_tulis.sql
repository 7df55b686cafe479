-- PostgreSQL only: the one write ends within this time, in milliseconds, done or not.
SET LOCAL statement_timeout = 20000
