-- Since when a session waits at its last gate (from the answer on where that gate has one and the next is not open yet),
-- and, by the ledger's own clock, what time it has left.
SELECT w.urutan, w.sejak, w.batas, w.tutup,
       coalesce(clock_timestamp() >= w.batas, false) AS lewat_batas,
       coalesce(clock_timestamp() >= w.tutup, false) AS lewat_tutup,
       EXISTS (SELECT 1 FROM pengesahan.jejak j
                WHERE j.sesi_id = w.id AND j.jenis = 'TENGGAT_LEWAT' AND j.isi -> 'urutan' = to_jsonb(w.urutan)) AS diberitahukan,
       EXISTS (SELECT 1 FROM pengesahan.jawaban_menunggu m WHERE m.sesi_id = w.id AND m.urutan = w.urutan) AS tiba
  FROM (SELECT s.id, g.urutan, m.sejak,
               m.sejak + make_interval(secs => (s.batas_jawab_jam * 3600)::double precision) AS batas,
               m.sejak + make_interval(secs => (s.tutup_sesudah_jam * 3600)::double precision) AS tutup
          FROM pengesahan.sesi s
          JOIN pengesahan.gerbang g ON g.sesi_id = s.id
          LEFT JOIN pengesahan.persetujuan p ON p.sesi_id = g.sesi_id AND p.urutan = g.urutan
         CROSS JOIN LATERAL (SELECT greatest(g.dibuka_pada, p.dicatat_pada) AS sejak) m
         WHERE s.id = :sesi_id) w
 ORDER BY w.urutan DESC LIMIT 1
