SELECT a AS kode, count(*) AS jumlah, (array_agg(idpel ORDER BY idpel))[1:5] AS contoh
  FROM pengesahan.saringan s, unnest(s.alasan) a
 WHERE sesi_id = :sesi_id GROUP BY a ORDER BY jumlah DESC, a
