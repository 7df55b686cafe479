-- Gauges of the ledger's state.

-- name: metrik_sesi
-- How many sessions are open, by status and stage.
SELECT status, tahap, count(*) AS jumlah FROM pengesahan.sesi WHERE status IN ('BERJALAN', 'TERHENTI')
 GROUP BY status, tahap

-- name: metrik_gerbang
-- Gates that wait for a person: for how many seconds each, by the ledger's own clock. A gate that has its answer waits no more.
SELECT extract(epoch FROM clock_timestamp() - max(g.dibuka_pada))::double precision AS detik
  FROM pengesahan.sesi s JOIN pengesahan.gerbang g ON g.sesi_id = s.id
 WHERE s.status = 'BERJALAN' AND s.tahap = 'MENUNGGU_PERSETUJUAN'
   AND NOT EXISTS (SELECT 1 FROM pengesahan.persetujuan p WHERE p.sesi_id = g.sesi_id AND p.urutan = g.urutan)
   AND NOT EXISTS (SELECT 1 FROM pengesahan.jawaban_menunggu m WHERE m.sesi_id = g.sesi_id AND m.urutan = g.urutan)
 GROUP BY s.id

-- name: metrik_batch
-- Batches whose outcome is not known yet, and for how many seconds the oldest of them has been under way.
SELECT count(*) AS jumlah,
       coalesce(extract(epoch FROM clock_timestamp() - min(dikirim_pada)), 0)::double precision AS tertua
  FROM pengesahan.batch WHERE status = 'DIKIRIM'

-- name: metrik_pengembalian
-- Customers sent back whom ACMT has not been told of for good.
SELECT count(*) AS jumlah FROM pengesahan.pengembalian WHERE status IN ('MENUNGGU', 'DIKIRIM')

-- name: metrik_jadwal
-- Kelompok that are due and not opened by the schedule, and those of them that are past their deadline. A kelompok is due
-- from its own unit's day on, which the schedule knew when it wrote a look's counts. After a month it is given up.
SELECT count(*) AS jumlah, count(*) FILTER (WHERE tenggat <= now()) AS lewat FROM pengesahan.jadwal
 WHERE dibuka_pada IS NULL AND ditengok_pada IS NOT NULL AND jatuh_tempo > current_date - 31

-- name: metrik_pemberitahuan
-- Notifications that are still to go out, how many of them failed at least once, and the age of the oldest in seconds.
SELECT count(*) AS jumlah, count(*) FILTER (WHERE status = 'GAGAL') AS gagal,
       coalesce(extract(epoch FROM now() - min(terjadi_pada)), 0)::float8 AS tertua
  FROM pengesahan.pemberitahuan WHERE status IN ('MENUNGGU', 'GAGAL')
