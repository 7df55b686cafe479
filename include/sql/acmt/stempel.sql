-- The stamps of one reading, by the contract's key; columns as in baca_kesiapan.sql.
SELECT
    idpel, unitup, thblrek, hari_baca,
    tgl_baca, sahlwbp,
    verif_pengawas_oleh, verif_pengawas_pada,
    verif_vendor_oleh, verif_vendor_pada,
    kirim_oleh, kirim_pada,
    diubah_pada
FROM acmt.v_bacaan
WHERE idpel BETWEEN :idpel AND :idpel_atas
    AND TRIM(idpel) = :idpel
    AND TRIM(thblrek) = :thblrek
