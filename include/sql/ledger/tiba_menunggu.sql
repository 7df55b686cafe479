-- Arrivals of a session that nobody has judged yet, of one gate or of any, the oldest first.
SELECT id FROM pengesahan.jawaban_menunggu
 WHERE sesi_id = :sesi_id AND (CAST(:urutan AS smallint) IS NULL OR urutan = :urutan)
 ORDER BY id
