-- First half of a takeover: from here on no send of the old run is let through.
UPDATE pengesahan.sesi SET epoch = epoch + 1, status = 'TERHENTI', keterangan = :keterangan
 WHERE id = :sesi_id AND status IN ('BERJALAN', 'TERHENTI')
RETURNING *
