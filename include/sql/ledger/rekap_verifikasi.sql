-- How the snapshot's rows were verified, by role: people, rows, the soonest after the reading (minutes), rows verified
-- within five minutes of it, and the most that one person verified within one minute of each other, to the second. Counts only.
WITH detik AS (
    SELECT grouping(p_oleh) = 1 AS vendor, p_oleh, p_detik, v_oleh, v_detik, count(*) AS jumlah,
           min(p_jeda) AS p_cepat, min(v_jeda) AS v_cepat, count(*) FILTER (WHERE p_jeda < interval '5 minutes') AS p_lekas,
           count(*) FILTER (WHERE v_jeda < interval '5 minutes') AS v_lekas
      FROM (SELECT verif_pengawas_oleh AS p_oleh, date_trunc('second', verif_pengawas_pada) AS p_detik,
                   verif_vendor_oleh AS v_oleh, date_trunc('second', verif_vendor_pada) AS v_detik,
                   verif_pengawas_pada - tgl_baca AS p_jeda, verif_vendor_pada - tgl_baca AS v_jeda
              FROM pengesahan.bacaan WHERE sesi_id = :sesi_id) b
     GROUP BY GROUPING SETS ((p_oleh, p_detik), (v_oleh, v_detik))
), per_detik AS (
    SELECT CASE WHEN vendor THEN 'Admin Vendor' ELSE 'Pengawas' END AS peran, CASE WHEN vendor THEN v_oleh ELSE p_oleh END AS oleh,
           CASE WHEN vendor THEN v_detik ELSE p_detik END AS detik, jumlah,
           CASE WHEN vendor THEN v_cepat ELSE p_cepat END AS cepat, CASE WHEN vendor THEN v_lekas ELSE p_lekas END AS lekas
      FROM detik
), jendela AS (
    SELECT *, sum(jumlah) OVER (PARTITION BY peran, oleh ORDER BY detik
                                RANGE BETWEEN CURRENT ROW AND interval '1 minute' FOLLOWING) AS serentak
      FROM per_detik WHERE oleh IS NOT NULL AND detik IS NOT NULL
)
SELECT peran, count(DISTINCT oleh) AS orang, sum(jumlah)::bigint AS jumlah,
       trunc(extract(epoch FROM min(cepat)) / 60)::bigint AS tercepat_menit, sum(lekas)::bigint AS lekas,
       max(serentak)::bigint AS serentak
  FROM jendela GROUP BY peran ORDER BY peran DESC
