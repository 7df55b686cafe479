-- Customers of this kelompok that an approver of an earlier session sent back, with the stamps they had then.
SELECT DISTINCT ON (b.idpel) b.idpel, b.verif_pengawas_oleh, b.verif_pengawas_pada, b.verif_vendor_oleh,
       b.verif_vendor_pada, b.kirim_oleh, b.kirim_pada, b.diubah_pada
  FROM pengesahan.sesi s
  JOIN pengesahan.persetujuan p ON p.sesi_id = s.id
 CROSS JOIN LATERAL unnest(p.kembalikan) AS i (idpel)
  JOIN pengesahan.bacaan b ON b.sesi_id = s.id AND b.idpel = i.idpel
 WHERE s.unitup = :unitup AND s.thblrek = :thblrek AND s.hari_baca = :hari_baca AND s.id <> :sesi_id
 ORDER BY b.idpel, p.dicatat_pada DESC
