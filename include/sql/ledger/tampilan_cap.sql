-- The version of what the ledger knows of each kelompok of a unit's month: whatever changes there changes it.
SELECT s.hari_baca, count(*) AS sesi, sum(s.epoch) AS epoch, max(j.id) AS jejak, max(n.id) AS hitungan,
       string_agg(s.status || s.tahap, ',' ORDER BY s.id) AS keadaan
  FROM pengesahan.sesi s
  LEFT JOIN LATERAL (SELECT max(t.id) AS id FROM pengesahan.jejak t WHERE t.sesi_id = s.id) j ON true
  LEFT JOIN LATERAL (SELECT max(h.id) AS id FROM pengesahan.hitungan h WHERE h.sesi_id = s.id) n ON true
 WHERE s.unitup = :unitup AND s.thblrek = :thblrek
 GROUP BY s.hari_baca
