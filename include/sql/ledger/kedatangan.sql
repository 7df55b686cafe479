-- Answers as they came through a gate, before anything judges them.

-- name: tiba_catat
-- An answer as it came, bound to what its gate showed and to the session's epoch. None is returned where it stands already.
INSERT INTO pengesahan.jawaban_tiba (sesi_id, urutan, sidik, epoch, oleh, pilihan, isian, dijawab_pada)
SELECT g.sesi_id, g.urutan, g.sidik, s.epoch, :oleh, :pilihan, :isian, :dijawab_pada
  FROM pengesahan.gerbang g JOIN pengesahan.sesi s ON s.id = g.sesi_id WHERE g.sesi_id = :sesi_id AND g.urutan = :urutan
ON CONFLICT DO NOTHING RETURNING id

-- name: tiba_cari
-- An arrival by what makes it one: the gate, who answered, and when by Airflow's clock.
SELECT id FROM pengesahan.jawaban_tiba
 WHERE sesi_id = :sesi_id AND urutan = :urutan AND oleh = :oleh AND dijawab_pada = :dijawab_pada

-- name: tiba_ambil
-- An arrival, with why it was not taken up, if so.
SELECT t.id, t.sesi_id, t.urutan, t.sidik, t.epoch, t.oleh, t.pilihan, t.isian, t.dijawab_pada, t.tiba_pada,
       (SELECT j.isi ->> 'sebab' FROM pengesahan.jejak j
         WHERE j.sesi_id = t.sesi_id AND j.jenis = 'JAWABAN_TIDAK_DITERIMA' AND j.isi -> 'tiba' = to_jsonb(t.id)
         ORDER BY j.id LIMIT 1) AS ditolak
  FROM pengesahan.jawaban_tiba t WHERE t.id = :id

-- name: tiba_menunggu
-- Arrivals of a session that nobody has judged yet, of one gate or of any, the oldest first.
SELECT id FROM pengesahan.jawaban_menunggu
 WHERE sesi_id = :sesi_id AND (CAST(:urutan AS smallint) IS NULL OR urutan = :urutan) ORDER BY id

-- name: tiba_ditolak
-- Answers of a gate that were not taken up: what was chosen, when, and why not.
SELECT t.id, t.pilihan, t.dijawab_pada, j.isi ->> 'sebab' AS sebab
  FROM pengesahan.jawaban_tiba t
  JOIN pengesahan.jejak j ON j.sesi_id = t.sesi_id AND j.jenis = 'JAWABAN_TIDAK_DITERIMA' AND j.isi -> 'tiba' = to_jsonb(t.id)
 WHERE t.sesi_id = :sesi_id AND t.urutan = :urutan ORDER BY j.id
