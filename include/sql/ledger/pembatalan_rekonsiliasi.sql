-- The next rows of a cancellation with what came of it, by idpel.
SELECT r.idpel, r.hasil, r.no_pengesahan, h.status, h.kode
  FROM pengesahan.pembatalan_baris r
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = r.sesi_id AND h.idpel = r.idpel
 WHERE r.sesi_id = :sesi_id AND r.idpel > :sesudah
 ORDER BY r.idpel
 LIMIT :batas
