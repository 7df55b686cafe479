SELECT count(*) AS pelanggan,
       count(*) FILTER (WHERE hasil = 'BOLEH') AS lolos,
       count(*) FILTER (WHERE hasil = 'TIDAK') AS ditahan,
       coalesce(sum(kwh) FILTER (WHERE hasil = 'BOLEH'), 0) AS kwh_lolos,
       count(kwh) FILTER (WHERE hasil = 'BOLEH') AS berkwh
  FROM pengesahan.pembatalan_baris WHERE sesi_id = :sesi_id
