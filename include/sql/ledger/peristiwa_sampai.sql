-- Up to when Airflow's events were copied; of an older Airflow nothing from before this ledger. A clock that is ahead hides
-- no later event.
SELECT coalesce((SELECT max(least(waktu, disalin_pada)) FROM pengesahan.peristiwa_airflow),
                (SELECT dibuat_pada FROM pengesahan.identitas))
