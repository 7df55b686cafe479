-- Gates that wait for a person: for how many seconds each, by the ledger's own clock. A gate that has its answer waits no more.
SELECT extract(epoch FROM clock_timestamp() - max(g.dibuka_pada))::double precision AS detik
  FROM pengesahan.sesi s
  JOIN pengesahan.gerbang g ON g.sesi_id = s.id
 WHERE s.status = 'BERJALAN' AND s.tahap = 'MENUNGGU_PERSETUJUAN'
   AND NOT EXISTS (SELECT 1 FROM pengesahan.persetujuan p WHERE p.sesi_id = g.sesi_id AND p.urutan = g.urutan)
   AND NOT EXISTS (SELECT 1 FROM pengesahan.jawaban_menunggu m WHERE m.sesi_id = g.sesi_id AND m.urutan = g.urutan)
 GROUP BY s.id
