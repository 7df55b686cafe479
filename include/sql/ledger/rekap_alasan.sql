SELECT a AS kode, count(*) AS jumlah
  FROM pengesahan.saringan s, unnest(s.alasan) a
 WHERE sesi_id = :sesi_id GROUP BY a ORDER BY jumlah DESC, a
