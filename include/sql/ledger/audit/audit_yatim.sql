-- Sessions that the trail speaks of and the ledger does not hold (any more), or holds as another unit's, month's or kelompok's:
-- they would not be looked at.
SELECT min(j.isi ->> 'nomor') AS nomor, min(j.id) AS jejak,
       format('sesi ini disebut jejak nomor %s tetapi tidak ada dalam buku', min(j.id)) AS apa
  FROM pengesahan.jejak j
 WHERE j.sesi_id IS NOT NULL AND j.id > :jejak_awal AND (CAST(:jejak_akhir AS bigint) IS NULL OR j.id <= :jejak_akhir)
   AND NOT EXISTS (SELECT 1 FROM pengesahan.sesi s WHERE s.id = j.sesi_id)
 GROUP BY j.sesi_id
UNION ALL
SELECT s.nomor, j.id, format('sesi milik unit %s bulan %s kelompok %s, menurut jejak nomor %s unit %s bulan %s kelompok %s',
                             s.unitup, s.thblrek, s.hari_baca, j.id, j.isi ->> 'unitup', j.isi ->> 'thblrek', j.isi ->> 'hari_baca')
  FROM pengesahan.jejak j JOIN pengesahan.sesi s ON s.id = j.sesi_id
 WHERE j.jenis = 'SESI_DIBUKA' AND j.id > :jejak_awal AND (CAST(:jejak_akhir AS bigint) IS NULL OR j.id <= :jejak_akhir)
   AND s.id <> ALL (CAST(:sesi AS bigint[]))
   AND (s.unitup, s.thblrek, s.hari_baca) IS DISTINCT FROM (j.isi ->> 'unitup', j.isi ->> 'thblrek', j.isi ->> 'hari_baca')
 ORDER BY 2
