UPDATE pengesahan.sesi SET status = 'TERHENTI', keterangan = :keterangan
 WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN'
RETURNING *
