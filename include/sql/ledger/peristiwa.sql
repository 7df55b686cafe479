-- Airflow's own event log: how far it was read, and what of it was copied.

-- name: peristiwa_sampai
-- Up to when Airflow's events were read. A clock that is ahead hides no later event.
SELECT least(sampai, now()) FROM pengesahan.peristiwa_kursor

-- name: peristiwa_tandai
INSERT INTO pengesahan.peristiwa_airflow (nomor, waktu) VALUES (:nomor, :waktu)
ON CONFLICT DO NOTHING RETURNING nomor

-- name: peristiwa_maju
-- Forward only: two readers at once do no harm.
UPDATE pengesahan.peristiwa_kursor SET sampai = least(:sampai, now()) WHERE sampai < least(:sampai, now())
