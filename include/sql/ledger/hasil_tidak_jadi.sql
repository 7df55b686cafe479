-- Rows of a session that AP2T refused, or that changed before they went, by status and code.
SELECT status, kode, array_agg(idpel ORDER BY idpel) AS idpel
  FROM pengesahan.hasil WHERE sesi_id = :sesi_id AND status IN ('DITOLAK', 'BERUBAH')
 GROUP BY status, kode ORDER BY status, kode
