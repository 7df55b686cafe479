-- Units of the configuration in force that delegate to a person, whenever that holds.
SELECT u.kunci AS unitup
  FROM (SELECT isi FROM pengesahan.konfigurasi ORDER BY versi DESC LIMIT 1) k
 CROSS JOIN LATERAL jsonb_each(k.isi -> 'unit') u (kunci, pola)
 WHERE EXISTS (SELECT 1 FROM jsonb_array_elements(coalesce(nullif(u.pola -> 'delegasi', 'null'), '[]')) d
                WHERE d ->> 'kepada' = :username)
 ORDER BY 1
