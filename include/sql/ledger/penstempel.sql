-- Who read, verified or sent rows of this session's snapshot, or rows of the approvals that it would cancel: they do not
-- approve it. Few people stand in many rows, so those are brought together first.
SELECT o.nama, o.perbuatan, sum(b.jumlah)::bigint AS jumlah
  FROM (SELECT petugas_baca, verif_pengawas_oleh, verif_vendor_oleh, kirim_oleh, count(*) AS jumlah
          FROM (SELECT petugas_baca, verif_pengawas_oleh, verif_vendor_oleh, kirim_oleh
                  FROM pengesahan.bacaan WHERE sesi_id = :sesi_id
                UNION ALL
                SELECT b.petugas_baca, b.verif_pengawas_oleh, b.verif_vendor_oleh, b.kirim_oleh
                  FROM pengesahan.pembatalan_baris r
                  JOIN pengesahan.bacaan b ON b.sesi_id = r.asal AND b.idpel = r.idpel
                 WHERE r.sesi_id = :sesi_id AND r.hasil = 'BOLEH') b
         GROUP BY petugas_baca, verif_pengawas_oleh, verif_vendor_oleh, kirim_oleh) b
 CROSS JOIN LATERAL (VALUES (b.petugas_baca, 'membaca'), (b.verif_pengawas_oleh, 'memverifikasi'),
                            (b.verif_vendor_oleh, 'memverifikasi'), (b.kirim_oleh, 'mengirim')) AS o (nama, perbuatan)
 WHERE btrim(o.nama) <> ''
 GROUP BY o.nama, o.perbuatan
