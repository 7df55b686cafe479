-- One writer of seals at a time, on whatever machine.
SELECT pg_advisory_xact_lock(hashtextextended('pengesahan/segel', 0))
