-- A gate as it stands: which digest was shown to whom, and when.
INSERT INTO pengesahan.jejak (sesi_id, jenis, pelaku, isi, id, pada, sebelum, sidik)
SELECT g.sesi_id, 'GERBANG_DIBUKA', 'sistem', to_jsonb(g) - 'sesi_id', 0, now(), '', ''
  FROM pengesahan.gerbang g WHERE g.sesi_id = :sesi_id AND g.urutan = :urutan
