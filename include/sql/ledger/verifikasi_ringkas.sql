-- By role and person: how many rows, how soon after the reading (minutes), the most that were verified within a time of each
-- other (to the second, as in the rekap), and how many of them need a look (DLPD).
WITH v AS (
    SELECT o.peran, o.oleh, o.pada, extract(epoch FROM o.pada - b.tgl_baca) / 60 AS menit, cardinality(g.dlpd) > 0 AS dlpd
      FROM pengesahan.bacaan b
      LEFT JOIN pengesahan.saringan g ON g.sesi_id = b.sesi_id AND g.idpel = b.idpel
     CROSS JOIN LATERAL (VALUES ('PENGAWAS', b.verif_pengawas_oleh, b.verif_pengawas_pada),
                                ('ADMIN_VENDOR', b.verif_vendor_oleh, b.verif_vendor_pada)) AS o (peran, oleh, pada)
     WHERE b.sesi_id = :sesi_id AND o.oleh IS NOT NULL
), d AS (
    SELECT v.*, count(*) OVER (PARTITION BY peran, oleh ORDER BY date_trunc('second', pada)
                               RANGE BETWEEN CURRENT ROW AND CAST(:jeda AS interval) FOLLOWING) AS serentak
      FROM v
)
SELECT peran, oleh, count(*) AS pelanggan, round(min(menit), 1) AS tercepat_menit,
       round(percentile_disc(0.5) WITHIN GROUP (ORDER BY menit), 1) AS tengah_menit,
       max(serentak) AS serentak, round(100 * max(serentak)::numeric / count(*), 1) AS serentak_persen,
       count(*) FILTER (WHERE dlpd) AS dlpd, round(100 * count(*) FILTER (WHERE dlpd)::numeric / count(*), 1) AS dlpd_persen,
       min(pada) AS pertama, max(pada) AS terakhir
  FROM d GROUP BY peran, oleh ORDER BY peran DESC, pelanggan DESC, oleh
