UPDATE pengesahan.sesi SET status = 'BERJALAN', keterangan = NULL
 WHERE id = :sesi_id AND status = 'TERHENTI'
RETURNING *
