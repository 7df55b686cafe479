-- Every link with what it should be; the first row that comes back is the first broken link.
SELECT j.id, j.jenis,
       j.sidik = pengesahan.sidik_jejak(j.id, j.pada, j.sesi_id, j.jenis, j.pelaku, j.isi, j.sebelum) AS isi_utuh,
       j.sebelum = coalesce(lag(j.sidik) OVER w, sha256('awal'::bytea)) AS sambung,
       j.id = coalesce(lag(j.id) OVER w, 0) + 1 AS urut
  FROM pengesahan.jejak j
WINDOW w AS (ORDER BY j.id)
 ORDER BY j.id
