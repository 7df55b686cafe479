-- Change against last month, over the customers that passed and have a last month. NaN and infinity do not count.
SELECT count(*) AS pelanggan, coalesce(sum(s.kwh), 0) AS kwh, coalesce(sum(b.pemkwh_lalu), 0) AS kwh_lalu
  FROM pengesahan.saringan s JOIN pengesahan.bacaan b ON b.sesi_id = s.sesi_id AND b.idpel = s.idpel
 WHERE s.sesi_id = :sesi_id AND s.hasil = 'LOLOS' AND b.pemkwh_lalu IS NOT NULL
   AND b.pemkwh_lalu >= 0 AND b.pemkwh_lalu < 'Infinity'
