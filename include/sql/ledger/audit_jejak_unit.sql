-- The entries of a unit's sessions, raw as they are hashed, in order.
SELECT id, extract(epoch FROM pada)::text, sesi_id, jenis, pelaku, isi::text, encode(sebelum, 'hex'), encode(sidik, 'hex')
  FROM pengesahan.jejak
 WHERE sesi_id = ANY (ARRAY(SELECT s.id FROM pengesahan.sesi s WHERE s.unitup = :unitup))
 ORDER BY id
