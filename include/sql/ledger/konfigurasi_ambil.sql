-- A configuration by its number; without one the newest, which is in force.
SELECT * FROM pengesahan.konfigurasi
 WHERE CAST(:versi AS integer) IS NULL OR versi = :versi
 ORDER BY versi DESC LIMIT 1
