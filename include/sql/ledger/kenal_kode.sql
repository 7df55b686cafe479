-- Whether a row of some units was ever refused, or left out as changed, with a code.
SELECT EXISTS (SELECT 1 FROM pengesahan.hasil h JOIN pengesahan.sesi s ON s.id = h.sesi_id
                WHERE s.unitup = ANY (CAST(:unitup AS text[])) AND h.status IN ('DITOLAK', 'BERUBAH') AND h.kode = :kode)
