DELETE FROM pengesahan.bacaan WHERE sesi_id = :sesi_id
