-- A session's rows with what the sieve said, whether they were approved, and what came of each, by idpel.
SELECT g.idpel, g.hasil AS saringan, g.alasan, g.dlpd, b.sahlwbp, b.sahwbp, b.sahkvarh, g.kwh, g.jam_nyala,
       g.idpel = ANY (CAST(:kembalikan AS text[])) AS dikembalikan, h.status AS hasil, h.kode, h.pada, h.kunci::text AS batch,
       b.slalwbp, b.slawbp, b.fkmkwh, g.lalu_bulan, g.lalu_lwbp, g.lalu_wbp, g.lalu_fkm
  FROM pengesahan.saringan g
  JOIN pengesahan.bacaan b ON b.sesi_id = g.sesi_id AND b.idpel = g.idpel
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = g.sesi_id AND h.idpel = g.idpel
 WHERE g.sesi_id = :sesi_id
 ORDER BY g.idpel
