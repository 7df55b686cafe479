SELECT sebab AS kode, count(*) AS jumlah, (array_agg(idpel ORDER BY idpel))[1:20] AS contoh
  FROM pengesahan.pembatalan_baris WHERE sesi_id = :sesi_id AND hasil = 'TIDAK'
 GROUP BY sebab ORDER BY sebab
