-- Entries of the trail that somebody is told of, in order; lama: seen too late to be news.
SELECT j.id, j.pada, j.sesi_id, j.jenis, j.pelaku, j.isi, j.pada < clock_timestamp() - interval '1 day' AS lama
  FROM pengesahan.jejak j
 WHERE j.id > :sesudah AND j.id <= :sampai AND j.jenis = ANY (:jenis)
 ORDER BY j.id LIMIT :batas
