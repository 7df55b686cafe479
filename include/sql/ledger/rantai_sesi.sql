-- The sessions of a unit's earlier months in which something of a customer's place in AP2T was learnt up to an entry of the
-- trail; "penuh": all they ever learnt, up to that entry.
SELECT s.id, s.thblrek, s.hari_baca, bool_and(j.id <= :kepala) AS penuh
  FROM pengesahan.jejak j JOIN pengesahan.sesi s ON s.id = j.sesi_id
 WHERE j.sesi_id = ANY (ARRAY(SELECT id FROM pengesahan.sesi
                               WHERE unitup = :unitup AND thblrek >= :bulan_dari AND thblrek < :bulan_sebelum))
   AND j.jenis IN ('BATCH_DITERAPKAN', 'DILUAR_SISTEM')
 GROUP BY s.id, s.thblrek, s.hari_baca
HAVING bool_or(j.id <= :kepala)
 ORDER BY s.thblrek DESC, s.id DESC
