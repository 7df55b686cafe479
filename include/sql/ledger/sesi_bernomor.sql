SELECT * FROM pengesahan.sesi WHERE nomor = :nomor
