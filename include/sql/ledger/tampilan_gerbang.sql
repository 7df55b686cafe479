-- A session's gates with their answers.
SELECT g.urutan, g.orang, g.dibuka_pada, p.keputusan, p.oleh, p.dijawab_pada, p.catatan, p.kembalikan
  FROM pengesahan.gerbang g
  LEFT JOIN pengesahan.persetujuan p ON p.sesi_id = g.sesi_id AND p.urutan = g.urutan
 WHERE g.sesi_id = :sesi_id
 ORDER BY g.urutan
