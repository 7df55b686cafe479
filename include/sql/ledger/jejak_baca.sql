-- The trail's raw values, as they are hashed, in order.
SELECT id, extract(epoch FROM pada)::text, sesi_id, jenis, pelaku, isi::text, encode(sebelum, 'hex'), encode(sidik, 'hex')
  FROM pengesahan.jejak
 WHERE id > :sesudah AND (CAST(:sampai AS bigint) IS NULL OR id <= :sampai)
 ORDER BY id
