SELECT * FROM pengesahan.sesi WHERE dag_id = :dag_id AND run_id = :run_id
