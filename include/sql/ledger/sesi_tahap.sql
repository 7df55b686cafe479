-- Only the run that holds the session moves it, and only with the epoch it knows.
UPDATE pengesahan.sesi SET tahap = :tahap
 WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN'
RETURNING *
