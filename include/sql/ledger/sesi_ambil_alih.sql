-- Second half of a takeover, once every batch in flight is settled.
UPDATE pengesahan.sesi SET status = 'DIAMBIL_ALIH', keterangan = :keterangan, diakhiri_pada = clock_timestamp()
 WHERE id = :sesi_id AND status = 'TERHENTI'
   AND NOT EXISTS (SELECT 1 FROM pengesahan.batch b WHERE b.sesi_id = :sesi_id AND b.status = 'DIKIRIM')
RETURNING *
