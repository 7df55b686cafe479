-- The last call surely had no effect: kept as no stamps at all, so that nothing ACMT shows later is taken for its doing.
UPDATE pengesahan.pengembalian SET stempel = '{}'
 WHERE sesi_id = :sesi_id AND idpel = :idpel AND kali = :kali AND status = 'DIKIRIM'
RETURNING idpel
