-- The newest seal the trail mentions, the entry that does, and up to where the seals bind the trail group by group.
SELECT id AS jejak, encode(sidik, 'hex') AS sidik, (isi ->> 'ke')::integer AS ke, isi ->> 'berkas' AS berkas,
       isi ->> 'sebelum' AS sebelum, coalesce((isi #>> '{ikatan,sampai}')::bigint, id) AS terikat,
       coalesce((isi ->> 'dibuat')::timestamptz, pada) AS pada
  FROM pengesahan.jejak WHERE jenis = 'SEGEL_DIBUAT' ORDER BY id DESC LIMIT 1
