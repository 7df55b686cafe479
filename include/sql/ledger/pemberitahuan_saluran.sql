-- Channels that have something due: first those that worked, so that a broken one never stands before them.
SELECT saluran FROM pengesahan.pemberitahuan
 WHERE status IN ('MENUNGGU', 'GAGAL') AND berikut_pada <= clock_timestamp()
 GROUP BY saluran ORDER BY max(percobaan), min(id)
