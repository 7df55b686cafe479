-- Sessions with customers of whom ACMT was not (surely) told yet.
SELECT sesi_id, count(*) AS jumlah
  FROM pengesahan.pengembalian WHERE status IN ('MENUNGGU', 'DIKIRIM') GROUP BY sesi_id ORDER BY sesi_id
