SELECT d AS kode, count(*) AS jumlah
  FROM pengesahan.saringan s, unnest(s.dlpd) d
 WHERE sesi_id = :sesi_id AND hasil = 'LOLOS' GROUP BY d ORDER BY jumlah DESC, d
