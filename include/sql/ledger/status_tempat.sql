-- Where (unit, month, kelompok) the ledger knows a customer, the newest first; one look by key for each session asked. Ranges,
-- so that a plan made once for all values goes by the key too.
SELECT s.unitup, s.thblrek, s.hari_baca, max(s.zona_waktu) AS zona_waktu
  FROM pengesahan.sesi s
  JOIN LATERAL (SELECT 1 FROM pengesahan.bacaan b WHERE b.sesi_id = s.id AND b.idpel = :idpel
                UNION ALL
                SELECT 1 FROM pengesahan.saringan g WHERE g.sesi_id = s.id AND g.idpel = :idpel
                UNION ALL
                SELECT 1 FROM pengesahan.hasil h WHERE h.sesi_id = s.id AND h.idpel = :idpel
                UNION ALL
                SELECT 1 FROM pengesahan.luar_sistem l WHERE l.sesi_id = s.id AND l.idpel = :idpel
                UNION ALL
                SELECT 1 FROM pengesahan.suplai_terlihat t WHERE t.sesi_id = s.id AND t.idpel = :idpel
                LIMIT 1) ada ON true
 WHERE s.unitup BETWEEN :unit_dari AND :unit_sampai AND s.thblrek BETWEEN :bulan_dari AND :bulan_sampai
   AND s.dibuka_pada <= :pada
 GROUP BY s.unitup, s.thblrek, s.hari_baca
 ORDER BY s.thblrek DESC, max(s.id) DESC
