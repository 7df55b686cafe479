-- A session's gates with their answers, and what arrived and waits to be judged.
SELECT g.urutan, g.orang, g.dibuka_pada, p.keputusan, p.oleh, p.dijawab_pada, p.catatan, p.kembalikan,
       t.oleh AS tiba_oleh, t.pilihan AS tiba_pilihan, t.dijawab_pada AS tiba_dijawab_pada
  FROM pengesahan.gerbang g
  LEFT JOIN pengesahan.persetujuan p ON p.sesi_id = g.sesi_id AND p.urutan = g.urutan
  LEFT JOIN LATERAL (SELECT * FROM pengesahan.jawaban_menunggu m
                      WHERE m.sesi_id = g.sesi_id AND m.urutan = g.urutan ORDER BY m.id LIMIT 1) t ON true
 WHERE g.sesi_id = :sesi_id
 ORDER BY g.urutan
