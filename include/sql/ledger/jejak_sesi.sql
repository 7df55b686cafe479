SELECT id, pada, jenis, pelaku, isi FROM pengesahan.jejak WHERE sesi_id = :sesi_id ORDER BY id
