-- Notifications that are still to go out, how many of them failed at least once, and the age of the oldest in seconds.
SELECT count(*) AS jumlah, count(*) FILTER (WHERE status = 'GAGAL') AS gagal,
       coalesce(extract(epoch FROM now() - min(terjadi_pada)), 0)::float8 AS tertua
  FROM pengesahan.pemberitahuan
 WHERE status IN ('MENUNGGU', 'GAGAL')
