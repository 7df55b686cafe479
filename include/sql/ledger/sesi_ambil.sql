SELECT * FROM pengesahan.sesi WHERE id = :sesi_id
