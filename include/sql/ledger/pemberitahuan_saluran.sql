-- Channels that have something due: mail first, then those that worked, so that broken ones stand last. No try is
-- put off by more than an hour, so one further ahead was put off by a clock that ran ahead.
SELECT saluran FROM pengesahan.pemberitahuan
 WHERE status IN ('MENUNGGU', 'GAGAL') AND (berikut_pada <= clock_timestamp() OR berikut_pada > clock_timestamp() + interval '2 hours')
 GROUP BY saluran ORDER BY saluran <> 'surel', max(percobaan), min(id)
