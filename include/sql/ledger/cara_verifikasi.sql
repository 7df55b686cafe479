-- How the rows of a snapshot were verified in ACMT.

-- name: verifikasi_sesi
-- The newest pengesahan of a kelompok that has a snapshot.
SELECT * FROM pengesahan.sesi
 WHERE jenis = 'PENGESAHAN' AND unitup = :unitup AND hari_baca = :hari_baca AND tahap <> 'DIBUKA'
   AND (CAST(:thblrek AS text) IS NULL OR thblrek = :thblrek)
 ORDER BY thblrek DESC, id DESC LIMIT 1

-- name: verifikasi_ringkas
-- By role and person: how many rows, how soon after the reading (minutes), the most that were verified within a time of each
-- other (to the second, as in the rekap), and how many of them need a look (DLPD).
WITH v AS (
    SELECT o.peran, o.oleh, o.pada, extract(epoch FROM o.pada - b.tgl_baca) / 60 AS menit, cardinality(g.dlpd) > 0 AS dlpd
      FROM pengesahan.bacaan b LEFT JOIN pengesahan.saringan g ON g.sesi_id = b.sesi_id AND g.idpel = b.idpel
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

-- name: verifikasi_baris
-- How each row of a snapshot was verified, those that need a look (DLPD) first; hours since the reading, exact.
SELECT b.idpel, g.hasil, coalesce(g.dlpd, '{}') AS dlpd, b.petugas_baca, b.tgl_baca,
       b.verif_pengawas_oleh AS pengawas, b.verif_pengawas_pada AS pengawas_pada,
       round(extract(epoch FROM b.verif_pengawas_pada - b.tgl_baca) / 3600, 2) AS pengawas_jam,
       b.verif_vendor_oleh AS vendor, b.verif_vendor_pada AS vendor_pada,
       round(extract(epoch FROM b.verif_vendor_pada - b.tgl_baca) / 3600, 2) AS vendor_jam,
       b.diubah_pada, round(extract(epoch FROM b.diubah_pada - b.tgl_baca) / 3600, 2) AS diubah_jam,
       coalesce(g.kwh_kirim, g.kwh) AS kwh, b.pemkwh_lalu AS kwh_lalu, b.pemkwh_rata3 AS kwh_rata3, b.foto_url AS foto,
       b.slalwbp, b.slawbp, b.fkmkwh, g.lalu_bulan, g.lalu_lwbp, g.lalu_wbp, g.lalu_fkm
  FROM pengesahan.bacaan b LEFT JOIN pengesahan.saringan g ON g.sesi_id = b.sesi_id AND g.idpel = b.idpel
 WHERE b.sesi_id = :sesi_id AND (NOT CAST(:dlpd AS boolean) OR cardinality(g.dlpd) > 0)
   AND (CAST(:oleh AS text) IS NULL
        OR lower(btrim(:oleh, E' \t\r\n')) IN (lower(btrim(b.verif_pengawas_oleh, E' \t\r\n')),
                                               lower(btrim(b.verif_vendor_oleh, E' \t\r\n'))))
   AND (CAST(:idpel AS text[]) IS NULL OR b.idpel = ANY (CAST(:idpel AS text[])))
 ORDER BY (cardinality(g.dlpd) > 0) IS TRUE DESC, b.idpel LIMIT CAST(:batas AS bigint)
