-- What a session is given by the kind of its database.

-- name: sesi_mysql
/* TIMESTAMP columns are then handed out in UTC. */
SET time_zone = '+00:00'

-- name: sesi_oracle
-- TIMESTAMP WITH LOCAL TIME ZONE is then handed out in UTC.
ALTER SESSION SET TIME_ZONE = '+00:00'

-- name: lampirkan_sqlite
-- A SQLite file holds the views under their bare names; attached, they are acmt.v_bacaan and so on.
ATTACH DATABASE :berkas AS acmt
