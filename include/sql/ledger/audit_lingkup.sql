-- Sessions that are audited: those an entry of the period speaks of, and the others of their units' months, since some rules
-- compare them.
WITH bulan AS (
    SELECT DISTINCT s.unitup, s.thblrek
      FROM (SELECT DISTINCT j.sesi_id FROM pengesahan.jejak j
             WHERE j.id > :jejak_awal AND (CAST(:jejak_akhir AS bigint) IS NULL OR j.id <= :jejak_akhir)) e
      JOIN pengesahan.sesi s ON s.id = e.sesi_id
)
SELECT s.id FROM pengesahan.sesi s
 WHERE (CAST(:unitup AS text) IS NULL OR s.unitup = :unitup)
   AND (CAST(:semua AS boolean) OR (s.unitup, s.thblrek) IN (SELECT unitup, thblrek FROM bulan))
 ORDER BY s.id
