SELECT count(*) AS pelanggan,
       count(*) FILTER (WHERE hasil = 'LOLOS') AS lolos,
       count(*) FILTER (WHERE hasil = 'DITAHAN') AS ditahan,
       coalesce(sum(kwh) FILTER (WHERE hasil = 'LOLOS'), 0) AS kwh_lolos,
       coalesce(sum(kwh) FILTER (WHERE hasil = 'DITAHAN'), 0) AS kwh_ditahan,
       max(jam_nyala) FILTER (WHERE hasil = 'LOLOS') AS jam_nyala_tertinggi,
       max(jam_nyala) AS jam_nyala_tertinggi_semua
  FROM pengesahan.saringan WHERE sesi_id = :sesi_id
