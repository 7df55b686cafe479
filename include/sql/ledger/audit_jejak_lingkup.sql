-- The first and the last entry that speak of some sessions, and whether one of these is still open: then it may go on to the end.
SELECT coalesce(min(j.id), 1) AS pertama, coalesce(max(j.id), 0) AS terakhir,
       EXISTS (SELECT 1 FROM pengesahan.sesi s
                WHERE s.id = ANY (CAST(:sesi AS bigint[])) AND s.status IN ('BERJALAN', 'TERHENTI')) AS terbuka
  FROM pengesahan.jejak j WHERE j.sesi_id = ANY (CAST(:sesi AS bigint[]))
