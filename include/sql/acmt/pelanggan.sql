-- One customer's readings in every month ACMT still holds, columns in the order of the contract.
SELECT
    idpel, unitup, thblrek, hari_baca, kddk, nama, tarif, daya,
    fkmkwh, fkmkvarh, digit_meter,
    tgl_baca, petugas_baca, kode_baca, kelainan,
    slalwbp, sahlwbp, slawbp, sahwbp, slakvarh, sahkvarh,
    lwbpcabut, lwbppasang, wbpcabut, wbppasang, fkmkwh_lama,
    pemkwh, pemkwh_lalu, pemkwh_rata3,
    foto_url, latitude, longitude,
    verif_pengawas_oleh, verif_pengawas_pada,
    verif_vendor_oleh, verif_vendor_pada,
    kirim_oleh, kirim_pada,
    diubah_pada
FROM acmt.v_bacaan
WHERE idpel BETWEEN :idpel AND :idpel_atas
    AND TRIM(idpel) = :idpel
ORDER BY thblrek DESC
