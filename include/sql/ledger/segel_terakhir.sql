-- The newest seal the trail mentions, and the entry that does.
SELECT id AS jejak, encode(sidik, 'hex') AS sidik, (isi ->> 'ke')::integer AS ke, isi ->> 'berkas' AS berkas,
       isi ->> 'sebelum' AS sebelum,
       coalesce((isi ->> 'dibuat')::timestamptz, pada) AS pada
  FROM pengesahan.jejak WHERE jenis = 'SEGEL_DIBUAT' ORDER BY id DESC LIMIT 1
