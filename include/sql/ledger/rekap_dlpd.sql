SELECT d AS kode, count(*) AS jumlah, (array_agg(idpel ORDER BY idpel))[1:5] AS contoh
  FROM pengesahan.saringan s, unnest(s.dlpd) d
 WHERE sesi_id = :sesi_id AND hasil = 'LOLOS' GROUP BY d ORDER BY jumlah DESC, d
