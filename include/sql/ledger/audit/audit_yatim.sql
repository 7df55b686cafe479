-- Sessions that the trail or a row speaks of and the ledger does not hold (any more), or holds as another unit's, month's or
-- kelompok's: they would not be looked at. The large tables are asked for their sessions one after the other, by their keys.
WITH RECURSIVE disebut AS (
    SELECT v.tabel, v.sesi_id
      FROM (VALUES ('bacaan', (SELECT min(sesi_id) FROM pengesahan.bacaan)),
                   ('saringan', (SELECT min(sesi_id) FROM pengesahan.saringan)),
                   ('hasil', (SELECT min(sesi_id) FROM pengesahan.hasil))) v (tabel, sesi_id)
    UNION ALL
    SELECT d.tabel, CASE d.tabel WHEN 'bacaan' THEN (SELECT min(b.sesi_id) FROM pengesahan.bacaan b WHERE b.sesi_id > d.sesi_id)
                                 WHEN 'saringan' THEN (SELECT min(g.sesi_id) FROM pengesahan.saringan g WHERE g.sesi_id > d.sesi_id)
                                 ELSE (SELECT min(h.sesi_id) FROM pengesahan.hasil h WHERE h.sesi_id > d.sesi_id) END
      FROM disebut d WHERE d.sesi_id IS NOT NULL
)
SELECT NULL AS nomor, NULL::bigint AS jejak, format('tabel %s memuat sesi %s, yang tidak ada dalam buku', d.tabel, d.sesi_id) AS apa
  FROM disebut d
 WHERE d.sesi_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pengesahan.sesi s WHERE s.id = d.sesi_id)
UNION ALL
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
