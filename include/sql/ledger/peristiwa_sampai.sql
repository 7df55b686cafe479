SELECT max(waktu) FROM pengesahan.peristiwa_airflow
