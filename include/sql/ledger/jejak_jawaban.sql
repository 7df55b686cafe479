-- An answer as it stands, with the authority it was given on.
INSERT INTO pengesahan.jejak (sesi_id, jenis, pelaku, isi, id, pada, sebelum, sidik)
SELECT p.sesi_id, 'DIJAWAB', p.oleh, to_jsonb(p) - '{sesi_id,oleh}'::text[] || CAST(:lain AS jsonb), 0, now(), '', ''
  FROM pengesahan.persetujuan p WHERE p.sesi_id = :sesi_id AND p.urutan = :urutan
