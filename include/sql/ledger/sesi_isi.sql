UPDATE pengesahan.sesi SET sidik = :sidik, rekap = CAST(:rekap AS jsonb)
 WHERE id = :sesi_id AND epoch = :epoch AND status = 'BERJALAN'
RETURNING *
