-- Batches whose outcome is not known yet, and for how many seconds the oldest of them has been under way.
SELECT count(*) AS jumlah,
       coalesce(extract(epoch FROM clock_timestamp() - min(dikirim_pada)), 0)::double precision AS tertua
  FROM pengesahan.batch WHERE status = 'DIKIRIM'
