-- What the session's last entry of a kind and key says.
SELECT isi FROM pengesahan.jejak
 WHERE sesi_id = :sesi_id AND jenis = :jenis AND isi @> CAST(:kunci AS jsonb)
 ORDER BY id DESC LIMIT 1
