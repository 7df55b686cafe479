UPDATE pengesahan.pengembalian SET status = :status, cara = :cara, selesai_pada = clock_timestamp()
 WHERE sesi_id = :sesi_id AND idpel = :idpel AND kali = :kali AND status IN ('MENUNGGU', 'DIKIRIM')
RETURNING selesai_pada
