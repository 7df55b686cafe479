-- How the snapshot's rows were verified, by role: people, rows, the soonest after the reading (minutes), rows verified
-- within five minutes of it, and the most that one person verified within one minute of the clock. Counts only.
WITH menit AS (
    SELECT verif_pengawas_oleh AS p_oleh, date_bin('1 minute', verif_pengawas_pada, 'epoch') AS p_menit,
           verif_vendor_oleh AS v_oleh, date_bin('1 minute', verif_vendor_pada, 'epoch') AS v_menit,
           count(*) AS jumlah, min(verif_pengawas_pada - tgl_baca) AS p_cepat, min(verif_vendor_pada - tgl_baca) AS v_cepat,
           count(*) FILTER (WHERE verif_pengawas_pada - tgl_baca < interval '5 minutes') AS p_lekas,
           count(*) FILTER (WHERE verif_vendor_pada - tgl_baca < interval '5 minutes') AS v_lekas
      FROM pengesahan.bacaan WHERE sesi_id = :sesi_id
     GROUP BY 1, 2, 3, 4
), per_menit AS (
    SELECT o.peran, o.oleh, sum(m.jumlah) AS jumlah, min(o.cepat) AS cepat, sum(o.lekas) AS lekas
      FROM menit m
     CROSS JOIN LATERAL (VALUES ('Pengawas', m.p_oleh, m.p_menit, m.p_cepat, m.p_lekas),
                                ('Admin Vendor', m.v_oleh, m.v_menit, m.v_cepat, m.v_lekas)) AS o (peran, oleh, menit, cepat, lekas)
     WHERE o.oleh IS NOT NULL AND o.menit IS NOT NULL
     GROUP BY o.peran, o.oleh, o.menit
)
SELECT peran, count(DISTINCT oleh) AS orang, sum(jumlah)::bigint AS jumlah,
       trunc(extract(epoch FROM min(cepat)) / 60)::bigint AS tercepat_menit, sum(lekas)::bigint AS lekas,
       max(jumlah)::bigint AS serentak
  FROM per_menit GROUP BY peran ORDER BY peran DESC
