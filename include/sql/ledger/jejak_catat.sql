INSERT INTO pengesahan.jejak (sesi_id, jenis, pelaku, isi, id, pada, sebelum, sidik)
VALUES (:sesi_id, :jenis, :pelaku, CAST(:isi AS jsonb), 0, now(), '', '')
