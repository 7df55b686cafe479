-- Gates that have waited for half of their time and are not past it, of which nobody was reminded yet.
SELECT g.sesi_id, g.urutan, g.orang, w.ingat AS pada
  FROM pengesahan.sesi s
  JOIN pengesahan.gerbang g ON g.sesi_id = s.id
 CROSS JOIN LATERAL (SELECT g.dibuka_pada + make_interval(secs => (s.batas_jawab_jam * 1800)::double precision) AS ingat,
                            g.dibuka_pada + make_interval(secs => (s.batas_jawab_jam * 3600)::double precision) AS batas) w
 WHERE s.status = 'BERJALAN' AND s.tahap = 'MENUNGGU_PERSETUJUAN' AND clock_timestamp() >= w.ingat AND clock_timestamp() < w.batas
   AND NOT EXISTS (SELECT 1 FROM pengesahan.persetujuan p WHERE p.sesi_id = g.sesi_id AND p.urutan = g.urutan)
   AND NOT EXISTS (SELECT 1 FROM pengesahan.jawaban_menunggu m WHERE m.sesi_id = g.sesi_id AND m.urutan = g.urutan)
   AND NOT EXISTS (SELECT 1 FROM pengesahan.pemberitahuan b
                    WHERE b.peristiwa = format('PENGINGAT:%s:%s', g.sesi_id, g.urutan))
 ORDER BY w.ingat LIMIT :batas
