-- A page of one session's trail, in order.
SELECT id, extract(epoch FROM pada)::text, sesi_id, jenis, pelaku, isi::text, encode(sebelum, 'hex'), encode(sidik, 'hex')
  FROM pengesahan.jejak
 WHERE sesi_id = :sesi_id AND id > :sesudah
 ORDER BY id LIMIT :batas
