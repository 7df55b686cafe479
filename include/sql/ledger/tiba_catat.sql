-- An answer as it came, bound to what its gate showed and to the session's epoch. None is returned where it stands already.
INSERT INTO pengesahan.jawaban_tiba (sesi_id, urutan, sidik, epoch, oleh, pilihan, isian, dijawab_pada)
SELECT g.sesi_id, g.urutan, g.sidik, s.epoch, :oleh, :pilihan, :isian, :dijawab_pada
  FROM pengesahan.gerbang g JOIN pengesahan.sesi s ON s.id = g.sesi_id
 WHERE g.sesi_id = :sesi_id AND g.urutan = :urutan
ON CONFLICT DO NOTHING
RETURNING id
