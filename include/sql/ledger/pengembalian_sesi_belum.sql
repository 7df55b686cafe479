-- Sessions with customers of whom ACMT was not (surely) told yet, those that were tried last at the end.
SELECT sesi_id, count(*) AS jumlah
  FROM pengesahan.pengembalian WHERE status IN ('MENUNGGU', 'DIKIRIM') GROUP BY sesi_id
 ORDER BY min(kali), sesi_id
