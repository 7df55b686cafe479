-- One page of the customers that are wanted, sorted. Nothing to sort by comes last, whichever way.
SELECT idpel, nama, kddk, tarif, daya, hari_baca, status_no, tahap_no, sebab, dlpd_bit, kwh, jam_nyala, menurut, sejak, sesi,
       catatan
  FROM (SELECT p.*, CASE :urut WHEN 'kwh' THEN kwh_n WHEN 'jam_nyala' THEN jam_n WHEN 'daya' THEN CAST(daya AS REAL)
                               WHEN 'status' THEN status_no WHEN 'nama' THEN nama COLLATE NOCASE WHEN 'kddk' THEN kddk
                               WHEN 'tarif' THEN tarif WHEN 'hari_baca' THEN hari_baca WHEN 'sejak' THEN sejak
                               WHEN 'idpel' THEN idpel END AS kunci
          FROM pelanggan p
         WHERE (:hari_baca IS NULL OR hari_baca = :hari_baca)
           AND (:status = 0 OR (1 << status_no) & :status)
           AND (:dlpd = 0 OR dlpd_bit & :dlpd)
           AND (:jam_min IS NULL OR jam_n >= :jam_min) AND (:jam_maks IS NULL OR jam_n <= :jam_maks)
           AND (:cari IS NULL OR nama LIKE :cari ESCAPE '\' OR idpel LIKE :cari ESCAPE '\' OR kddk LIKE :cari ESCAPE '\'))
 ORDER BY kunci IS NULL, CASE WHEN NOT :turun THEN kunci END, CASE WHEN :turun THEN kunci END DESC, idpel
 LIMIT :ukuran OFFSET :lewati
