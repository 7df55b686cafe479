-- A cancellation's rows: the approval that is undone, whether it may be, and what came of each, by idpel.
SELECT r.idpel, r.kodeposting, r.no_pengesahan, r.kwh, r.hasil AS saringan, r.sebab, h.status AS hasil, h.kode, h.pada,
       h.kunci::text AS batch
  FROM pengesahan.pembatalan_baris r
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = r.sesi_id AND h.idpel = r.idpel
 WHERE r.sesi_id = :sesi_id
 ORDER BY r.idpel
