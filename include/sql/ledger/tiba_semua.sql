-- Everything that arrived at a session's gates, in order.
SELECT id FROM pengesahan.jawaban_tiba WHERE sesi_id = :sesi_id ORDER BY id
