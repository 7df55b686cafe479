-- Every seal that the trail mentions.
SELECT id AS jejak, encode(sidik, 'hex') AS sidik, isi ->> 'ke' AS ke, isi ->> 'berkas' AS berkas,
       isi ->> 'sebelum' AS sebelum, isi ->> 'buku' AS buku, isi ->> 'dibuat' AS dibuat
  FROM pengesahan.jejak WHERE jenis = 'SEGEL_DIBUAT' ORDER BY id
