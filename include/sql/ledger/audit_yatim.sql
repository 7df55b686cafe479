-- Sessions that the trail speaks of and the ledger does not hold (any more).
SELECT min(j.isi ->> 'nomor') AS nomor, min(j.id) AS jejak,
       format('sesi ini disebut jejak nomor %s tetapi tidak ada dalam buku', min(j.id)) AS apa
  FROM pengesahan.jejak j
 WHERE j.sesi_id IS NOT NULL AND j.id > :jejak_awal AND j.id <= :jejak_akhir
   AND (CAST(:unitup AS text) IS NULL OR j.isi ->> 'unitup' = :unitup)
   AND NOT EXISTS (SELECT 1 FROM pengesahan.sesi s WHERE s.id = j.sesi_id)
 GROUP BY j.sesi_id ORDER BY j.sesi_id
