-- As daftar.sql, by idpel upwards: the order the rows are kept in, so that nothing is sorted.
SELECT idpel, nama, kddk, tarif, daya, hari_baca, status_no, tahap_no, sebab, dlpd_bit, kwh, jam_nyala, menurut, sejak, sesi,
       catatan
  FROM pelanggan
 WHERE (:hari_baca IS NULL OR hari_baca = :hari_baca)
   AND (:status = 0 OR (1 << status_no) & :status)
   AND (:dlpd = 0 OR dlpd_bit & :dlpd)
   AND (:jam_min IS NULL OR jam_n >= :jam_min) AND (:jam_maks IS NULL OR jam_n <= :jam_maks)
   AND (:cari IS NULL OR nama LIKE :cari ESCAPE '\' OR idpel LIKE :cari ESCAPE '\' OR kddk LIKE :cari ESCAPE '\')
 ORDER BY idpel, hari_baca
 LIMIT :ukuran OFFSET :lewati
