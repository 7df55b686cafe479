-- As hitung.sql, of those whose name, idpel or KDDK holds what is searched for.
SELECT status_no, count(*) FROM pelanggan
 WHERE (:hari_baca IS NULL OR hari_baca = :hari_baca)
   AND (:dlpd = 0 OR dlpd_bit & :dlpd)
   AND (:jam_min IS NULL OR jam_n >= :jam_min) AND (:jam_maks IS NULL OR jam_n <= :jam_maks)
   AND (nama LIKE :cari ESCAPE '\' OR idpel LIKE :cari ESCAPE '\' OR kddk LIKE :cari ESCAPE '\')
 GROUP BY +status_no -- the plus keeps it from walking the index, row by row back to the table
