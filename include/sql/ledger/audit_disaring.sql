-- The entry of the trail up to which the last sieve of a session's snapshot knew the earlier months; no row where a newer
-- snapshot took it back, or there was none.
SELECT (d.isi #>> '{rantai,kepala}')::bigint
  FROM (SELECT id, isi FROM pengesahan.jejak WHERE sesi_id = :sesi_id AND jenis = 'DISARING' ORDER BY id DESC LIMIT 1) d
 WHERE d.id > (SELECT max(id) FROM pengesahan.jejak WHERE sesi_id = :sesi_id AND jenis = 'CUPLIKAN_DIAMBIL')
