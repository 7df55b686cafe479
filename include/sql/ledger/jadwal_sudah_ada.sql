-- Kelompok for which a person has started a session: they count as opened, by the first one.
UPDATE pengesahan.jadwal j
   SET dag_id = s.dag_id, run_id = s.run_id, dibuka_pada = s.dibuka_pada, sebab = 'ORANG'
  FROM pengesahan.jadwal k
 CROSS JOIN LATERAL (SELECT s.dag_id, s.run_id, s.dibuka_pada
                       FROM pengesahan.sesi s
                      WHERE s.jenis = 'PENGESAHAN' AND (s.unitup, s.thblrek, s.hari_baca) = (k.unitup, k.thblrek, k.hari_baca)
                      ORDER BY s.id LIMIT 1) s
 WHERE k.dibuka_pada IS NULL AND k.thblrek >= :thblrek
   AND (k.unitup, k.thblrek, k.hari_baca) = (j.unitup, j.thblrek, j.hari_baca)
   AND j.dibuka_pada IS NULL AND j.run_id IS DISTINCT FROM s.run_id
