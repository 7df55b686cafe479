-- Who read, verified and sent a customer's reading when, as each snapshot saw it.
SELECT s.nomor, b.tgl_baca, b.petugas_baca, b.verif_pengawas_oleh, b.verif_pengawas_pada, b.verif_vendor_oleh,
       b.verif_vendor_pada, b.kirim_oleh, b.kirim_pada, b.diubah_pada
  FROM pengesahan.sesi s JOIN pengesahan.bacaan b ON b.sesi_id = s.id AND b.idpel = :idpel
 WHERE s.unitup = :unitup AND s.thblrek = :thblrek AND s.hari_baca = :hari_baca AND s.dibuka_pada <= :pada
 ORDER BY s.id
