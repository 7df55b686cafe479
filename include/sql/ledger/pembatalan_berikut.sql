-- The rows of a cancellation that may still go, by idpel: may be cancelled, no outcome.
SELECT r.idpel, r.no_pengesahan
  FROM pengesahan.pembatalan_baris r
 WHERE r.sesi_id = :sesi_id AND r.hasil = 'BOLEH' AND r.idpel > :sesudah
   AND NOT EXISTS (SELECT 1 FROM pengesahan.hasil h WHERE h.sesi_id = r.sesi_id AND h.idpel = r.idpel)
 ORDER BY r.idpel
 LIMIT :batas
