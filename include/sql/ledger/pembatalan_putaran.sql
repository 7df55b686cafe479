-- The approvals a cancellation would undo, round by round; those of others, which have no session here, last.
SELECT a.nomor, a.putaran, count(*) AS jumlah
  FROM pengesahan.pembatalan_baris r LEFT JOIN pengesahan.sesi a ON a.id = r.asal
 WHERE r.sesi_id = :sesi_id AND r.hasil = 'BOLEH'
 GROUP BY a.nomor, a.putaran
 ORDER BY a.putaran NULLS LAST
