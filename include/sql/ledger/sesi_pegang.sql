-- Hold the session for this transaction if it still runs under this epoch; as strong a lock as outcomes take later.
SELECT id FROM pengesahan.sesi WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN' FOR NO KEY UPDATE
