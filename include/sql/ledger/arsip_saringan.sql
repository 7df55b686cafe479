SELECT idpel, daya::text AS daya, kwh::text AS kwh, jam_nyala::text AS jam_nyala, hasil, alasan::text AS alasan, dlpd::text AS dlpd,
       lalu_bulan, lalu_lwbp::text AS lalu_lwbp, lalu_wbp::text AS lalu_wbp, lalu_fkm::text AS lalu_fkm
  FROM pengesahan.saringan WHERE sesi_id = :sesi_id
