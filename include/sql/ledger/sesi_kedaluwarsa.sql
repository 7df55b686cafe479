-- End a session nobody answered in time, whether its run still waits or not; only while it waits, never by surprise.
UPDATE pengesahan.sesi SET status = 'KEDALUWARSA', keterangan = :keterangan, diakhiri_pada = clock_timestamp()
 WHERE id = :sesi_id AND epoch = :epoch AND status IN ('BERJALAN', 'TERHENTI') AND tahap = 'MENUNGGU_PERSETUJUAN'
RETURNING *
