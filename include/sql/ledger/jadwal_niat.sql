-- The run that is about to be opened; one that was meant to be stays the one. Not beside a session of somebody else: one that
-- approves is the kelompok's opening, one that cancels would keep the run from opening its own.
UPDATE pengesahan.jadwal j
   SET dag_id = coalesce(j.dag_id, :dag_id), run_id = coalesce(j.run_id, :run_id), sebab = coalesce(j.sebab, :sebab)
 WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca AND dibuka_pada IS NULL
   AND NOT EXISTS (SELECT 1 FROM pengesahan.sesi s
                    WHERE (s.unitup, s.thblrek, s.hari_baca) = (j.unitup, j.thblrek, j.hari_baca)
                      AND (s.jenis = 'PENGESAHAN' OR s.status IN ('BERJALAN', 'TERHENTI'))
                      AND s.run_id IS DISTINCT FROM j.run_id)
RETURNING dag_id, run_id, sebab
