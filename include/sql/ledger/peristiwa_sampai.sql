-- Up to when Airflow's events were read. A clock that is ahead hides no later event.
SELECT least(sampai, now()) FROM pengesahan.peristiwa_kursor
