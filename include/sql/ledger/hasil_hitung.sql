SELECT status, kode, count(*) AS jumlah, (array_agg(idpel ORDER BY idpel))[1:20] AS contoh
  FROM pengesahan.hasil WHERE sesi_id = :sesi_id GROUP BY status, kode ORDER BY status, kode
