-- How many sessions are open, by status and stage.
SELECT status, tahap, count(*) AS jumlah
  FROM pengesahan.sesi WHERE status IN ('BERJALAN', 'TERHENTI')
 GROUP BY status, tahap
