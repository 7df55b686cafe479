INSERT INTO pengesahan.peristiwa_airflow (nomor, waktu) VALUES (:nomor, :waktu)
ON CONFLICT DO NOTHING RETURNING nomor
