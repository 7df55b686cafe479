UPDATE pengesahan.pemberitahuan
   SET status = :status, percobaan = percobaan + CAST(:dicoba AS integer), keterangan = :keterangan, selesai_pada = clock_timestamp()
 WHERE id = :id AND status IN ('MENUNGGU', 'GAGAL')
