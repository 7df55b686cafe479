INSERT INTO pengesahan.persetujuan (sesi_id, urutan, keputusan, oleh, catatan, kembalikan, sidik, petugas, dijawab_pada, tiba)
VALUES (:sesi_id, :urutan, :keputusan, :oleh, :catatan, :kembalikan, :sidik, CAST(:petugas AS jsonb), :dijawab_pada, :tiba)
