-- An arrival by what makes it one: the gate, who answered, and when by Airflow's clock.
SELECT id FROM pengesahan.jawaban_tiba
 WHERE sesi_id = :sesi_id AND urutan = :urutan AND oleh = :oleh AND dijawab_pada = :dijawab_pada
