-- Channels that have something due: mail first, then those that worked, so that broken ones stand last.
SELECT saluran FROM pengesahan.pemberitahuan
 WHERE status IN ('MENUNGGU', 'GAGAL') AND berikut_pada <= clock_timestamp()
 GROUP BY saluran ORDER BY saluran <> 'surel', max(percobaan), min(id)
