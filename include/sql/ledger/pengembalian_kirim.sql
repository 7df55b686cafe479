-- In flight: written before the call is made. "kali" guards against another hand.
UPDATE pengesahan.pengembalian
   SET status = 'DIKIRIM', kali = kali + 1, stempel = CAST(:stempel AS jsonb), dikirim_pada = clock_timestamp()
 WHERE sesi_id = :sesi_id AND idpel = :idpel AND kali = :kali AND status IN ('MENUNGGU', 'DIKIRIM')
RETURNING kali, dikirim_pada
