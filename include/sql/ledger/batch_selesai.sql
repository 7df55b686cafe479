UPDATE pengesahan.batch SET status = :status, selesai_pada = clock_timestamp(), keterangan = :keterangan
 WHERE kunci = :kunci AND status = 'DIKIRIM'
RETURNING selesai_pada
