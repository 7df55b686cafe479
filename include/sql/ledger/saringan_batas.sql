-- Where chunks of a snapshot end, by idpel; the last one ends with it.
SELECT idpel
  FROM (SELECT idpel, row_number() OVER (ORDER BY idpel) AS nomor, count(*) OVER () AS jumlah
          FROM pengesahan.bacaan WHERE sesi_id = :sesi_id) b
 WHERE nomor % :potong = 0 OR nomor = jumlah
 ORDER BY idpel
