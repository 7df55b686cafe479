-- What the configuration in force says of one unit.
SELECT versi, coalesce(isi -> 'unit' -> CAST(:unitup AS text), isi -> 'bawaan') AS pola
  FROM pengesahan.konfigurasi ORDER BY versi DESC LIMIT 1
