INSERT INTO pengesahan.gerbang (sesi_id, urutan, sidik, orang) VALUES (:sesi_id, :urutan, :sidik, :orang)
