-- Customers that an approver of another session of the unit and month sent back, of any kelompok (ACMT may have moved them
-- since), with the stamps they had then; and those of whom ACMT has still to be told.
WITH lama AS (
    SELECT DISTINCT ON (b.idpel) b.idpel, b.verif_pengawas_oleh, b.verif_pengawas_pada, b.verif_vendor_oleh,
           b.verif_vendor_pada, b.kirim_oleh, b.kirim_pada
      FROM pengesahan.sesi s
      JOIN pengesahan.persetujuan p ON p.sesi_id = s.id
     CROSS JOIN LATERAL unnest(p.kembalikan) AS i (idpel)
      JOIN pengesahan.bacaan b ON b.sesi_id = s.id AND b.idpel = i.idpel
     WHERE s.unitup = :unitup AND s.thblrek = :thblrek AND s.id <> :sesi_id AND p.kembalikan <> '{}'
     ORDER BY b.idpel, s.id DESC, p.urutan DESC
), belum AS (
    SELECT DISTINCT k.idpel
      FROM pengesahan.pengembalian k JOIN pengesahan.sesi s ON s.id = k.sesi_id
     WHERE k.status IN ('MENUNGGU', 'DIKIRIM') AND s.unitup = :unitup AND s.thblrek = :thblrek AND s.id <> :sesi_id
)
SELECT coalesce(lama.idpel, belum.idpel) AS idpel, belum.idpel IS NOT NULL AS menunggu, lama.verif_pengawas_oleh,
       lama.verif_pengawas_pada, lama.verif_vendor_oleh, lama.verif_vendor_pada, lama.kirim_oleh, lama.kirim_pada
  FROM lama FULL JOIN belum ON belum.idpel = lama.idpel
