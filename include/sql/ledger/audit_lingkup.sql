-- Sessions of a period: those whose life touches it, and those its entries speak of.
SELECT s.id FROM pengesahan.sesi s
 WHERE (CAST(:unitup AS text) IS NULL OR s.unitup = :unitup)
   AND (CAST(:semua AS boolean)
        OR (s.dibuka_pada < :sampai AND coalesce(s.diakhiri_pada, 'infinity') >= :dari)
        OR s.id IN (SELECT j.sesi_id FROM pengesahan.jejak j WHERE j.id > :jejak_awal AND j.id <= :jejak_akhir))
 ORDER BY s.id
