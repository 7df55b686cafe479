-- Who read, verified or sent rows of this session's snapshot: they do not approve it. Few people stand in many rows, so
-- those are brought together first.
SELECT o.nama, o.perbuatan, sum(b.jumlah)::bigint AS jumlah
  FROM (SELECT petugas_baca, verif_pengawas_oleh, verif_vendor_oleh, kirim_oleh, count(*) AS jumlah
          FROM pengesahan.bacaan WHERE sesi_id = :sesi_id
         GROUP BY petugas_baca, verif_pengawas_oleh, verif_vendor_oleh, kirim_oleh) b
 CROSS JOIN LATERAL (VALUES (b.petugas_baca, 'membaca'), (b.verif_pengawas_oleh, 'memverifikasi'),
                            (b.verif_vendor_oleh, 'memverifikasi'), (b.kirim_oleh, 'mengirim')) AS o (nama, perbuatan)
 WHERE btrim(o.nama) <> ''
 GROUP BY o.nama, o.perbuatan
