-- Kelompok for which a person has started a session: they count as opened, by the first one.
UPDATE pengesahan.jadwal j
   SET dag_id = s.dag_id, run_id = s.run_id, dibuka_pada = s.dibuka_pada, sebab = 'ORANG'
  FROM (SELECT DISTINCT ON (unitup, thblrek, hari_baca) unitup, thblrek, hari_baca, dag_id, run_id, dibuka_pada
          FROM pengesahan.sesi
         WHERE jenis = 'PENGESAHAN' AND thblrek >= :thblrek
         ORDER BY unitup, thblrek, hari_baca, id) s
 WHERE j.dibuka_pada IS NULL AND (j.run_id IS NULL OR j.run_id <> s.run_id)
   AND (s.unitup, s.thblrek, s.hari_baca) = (j.unitup, j.thblrek, j.hari_baca)
