-- A SQLite file holds the views under their bare names; attached, they are acmt.v_bacaan and so on.
ATTACH DATABASE :berkas AS acmt
