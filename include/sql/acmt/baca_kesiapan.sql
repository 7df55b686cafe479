-- What readiness looks at, for one kelompok (looked at every minute, so only these columns).
SELECT
    idpel, unitup, thblrek, hari_baca,
    tgl_baca, sahlwbp,
    verif_pengawas_oleh, verif_pengawas_pada,
    verif_vendor_oleh, verif_vendor_pada,
    kirim_oleh, kirim_pada,
    diubah_pada
FROM acmt.v_bacaan
WHERE unitup = :unitup
    AND thblrek = :thblrek
    AND hari_baca = :hari_baca
ORDER BY idpel
