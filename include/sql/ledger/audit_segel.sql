-- Every entry that tells of a seal, and every entry a seal speaks of, raw as they are hashed.
SELECT id, extract(epoch FROM pada)::text, sesi_id, jenis, pelaku, isi::text, encode(sebelum, 'hex'), encode(sidik, 'hex')
  FROM pengesahan.jejak
 WHERE jenis = 'SEGEL_DIBUAT' OR id = ANY (CAST(:nomor AS bigint[]))
 ORDER BY id
