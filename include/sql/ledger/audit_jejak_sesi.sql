-- A session's first and last entry.
SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM pengesahan.jejak WHERE sesi_id = :sesi_id
