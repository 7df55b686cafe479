-- Events of Airflow's log that are marked as copied, against the entries that hold them: a mark alone would keep one out.
-- Of a period: its entries against their marks. A mark may belong to an entry outside of it.
SELECT format('peristiwa Airflow nomor %s (%s) %s', coalesce(p.nomor, j.nomor), coalesce(p.waktu, j.waktu),
              CASE WHEN j.nomor IS NULL THEN 'ditandai sudah disalin, tetapi tidak ada dalam jejak'
                   ELSE 'ada dalam jejak, tandanya hilang dari buku' END) AS apa
  FROM pengesahan.peristiwa_airflow p
  FULL JOIN (SELECT (isi ->> 'nomor')::bigint AS nomor, (isi ->> 'waktu')::timestamptz AS waktu
               FROM pengesahan.jejak
              WHERE jenis = 'PERISTIWA_AIRFLOW' AND id > :jejak_awal
                AND (CAST(:jejak_akhir AS bigint) IS NULL OR id <= :jejak_akhir)) j ON j.nomor = p.nomor AND j.waktu = p.waktu
 WHERE p.nomor IS NULL OR (CAST(:semua AS boolean) AND j.nomor IS NULL) ORDER BY apa
