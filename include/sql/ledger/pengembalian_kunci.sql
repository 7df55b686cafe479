-- One hand at a time tells ACMT about a session's customers; it lets go when its transaction or its process ends.
SELECT pg_try_advisory_xact_lock(hashtextextended('pengesahan/pengembalian/' || CAST(:sesi_id AS text), 0))
