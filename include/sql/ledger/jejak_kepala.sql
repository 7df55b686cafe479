-- The last entry against the head that only the trigger moves.
SELECT encode(k.sidik, 'hex') AS sidik, k.id, coalesce(j.id, 0) AS akhir, k.id = coalesce(j.id, 0) AS nomor_cocok,
       k.sidik = coalesce(j.sidik, sha256('awal'::bytea)) AS sidik_cocok
  FROM pengesahan.jejak_kepala k
  LEFT JOIN (SELECT id, sidik FROM pengesahan.jejak ORDER BY id DESC LIMIT 1) j ON true
