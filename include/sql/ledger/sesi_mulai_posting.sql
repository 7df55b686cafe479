-- Each start of posting gets an epoch of its own, so that an earlier start of the same run, should its process still
-- live, can send nothing more.
UPDATE pengesahan.sesi SET tahap = 'MEMPOSTING', epoch = epoch + 1
 WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN'
RETURNING *
