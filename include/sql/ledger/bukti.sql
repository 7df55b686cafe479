-- A session's rows as evidence on paper.

-- name: bukti_baris
-- A session's rows with what the sieve said, whether they were approved, and what came of each, by idpel.
SELECT g.idpel, g.hasil AS saringan, g.alasan, g.dlpd, b.sahlwbp, b.sahwbp, b.sahkvarh, coalesce(g.kwh_kirim, g.kwh) AS kwh, g.jam_nyala,
       g.idpel = ANY (CAST(:kembalikan AS text[])) AS dikembalikan, h.status AS hasil, h.kode, h.pada, h.kunci::text AS batch,
       b.slalwbp, b.slawbp, b.fkmkwh, g.lalu_bulan, g.lalu_lwbp, g.lalu_wbp, g.lalu_fkm
  FROM pengesahan.saringan g JOIN pengesahan.bacaan b ON b.sesi_id = g.sesi_id AND b.idpel = g.idpel
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = g.sesi_id AND h.idpel = g.idpel
 WHERE g.sesi_id = :sesi_id ORDER BY g.idpel

-- name: bukti_pembatalan
-- A cancellation's rows: the approval that is undone, whether it may be, and what came of each, by idpel.
SELECT r.idpel, r.kodeposting, r.no_pengesahan, r.kwh, r.hasil AS saringan, r.sebab, h.status AS hasil, h.kode, h.pada,
       h.kunci::text AS batch
  FROM pengesahan.pembatalan_baris r LEFT JOIN pengesahan.hasil h ON h.sesi_id = r.sesi_id AND h.idpel = r.idpel
 WHERE r.sesi_id = :sesi_id ORDER BY r.idpel
