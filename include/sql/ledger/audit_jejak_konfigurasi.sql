-- The entries that brought the configuration's versions, raw as they are hashed, in order.
SELECT id, extract(epoch FROM pada)::text, sesi_id, jenis, pelaku, isi::text, encode(sebelum, 'hex'), encode(sidik, 'hex')
  FROM pengesahan.jejak
 WHERE jenis = 'KONFIGURASI_DITERAPKAN'
 ORDER BY id
