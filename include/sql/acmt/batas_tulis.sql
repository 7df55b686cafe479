-- PostgreSQL only: the one write, and the look before and after it, ends within this time, in milliseconds, done or not.
SET LOCAL statement_timeout = 20000
