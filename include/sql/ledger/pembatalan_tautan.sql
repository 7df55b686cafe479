-- Both directions of a cancellation, for one session: the approvals it undid, or the cancellations that undid rows of it.
SELECT a.nomor AS nomor, count(*) AS jumlah
  FROM pengesahan.pembatalan_hasil h JOIN pengesahan.sesi a ON a.id = h.asal
 WHERE h.sesi_id = :sesi_id AND h.status = 'BATAL'
 GROUP BY a.nomor
UNION ALL
SELECT h.no_pembatalan, count(*)
  FROM pengesahan.pembatalan_hasil h WHERE h.asal = :sesi_id AND h.status = 'BATAL'
 GROUP BY h.no_pembatalan
 ORDER BY nomor
