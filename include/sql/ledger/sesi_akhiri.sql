UPDATE pengesahan.sesi SET status = :status, keterangan = :keterangan, diakhiri_pada = clock_timestamp()
 WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN'
RETURNING *
