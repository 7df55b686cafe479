-- The snapshot of some rows as COPY text, columns as the source gives them; all of them, or only those that were posted.
COPY (
SELECT idpel, unitup, thblrek, hari_baca, kddk, nama, tarif, daya, fkmkwh, fkmkvarh, digit_meter, tgl_baca,
       petugas_baca, kode_baca, kelainan, slalwbp, sahlwbp, slawbp, sahwbp, slakvarh, sahkvarh, lwbpcabut, lwbppasang,
       wbpcabut, wbppasang, fkmkwh_lama, pemkwh, pemkwh_lalu, pemkwh_rata3, foto_url, latitude, longitude,
       verif_pengawas_oleh, verif_pengawas_pada, verif_vendor_oleh, verif_vendor_pada, kirim_oleh, kirim_pada,
       diubah_pada, cacat
  FROM pengesahan.bacaan
 WHERE sesi_id = {sesi_id} AND idpel >= {dari} AND idpel <= {sampai}
   AND (NOT {terposting} OR EXISTS (SELECT 1 FROM pengesahan.hasil h WHERE h.sesi_id = bacaan.sesi_id AND h.idpel = bacaan.idpel
                                       AND h.status IN ('POSTING', 'SUDAH_POSTING')))
) TO STDOUT
