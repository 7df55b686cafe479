SELECT idpel, daya::text AS daya, kwh::text AS kwh, jam_nyala::text AS jam_nyala, hasil, alasan::text AS alasan, dlpd::text AS dlpd
  FROM pengesahan.saringan WHERE sesi_id = :sesi_id
