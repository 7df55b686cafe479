-- Answers of a gate that were not taken up: what was chosen, when, and why not.
SELECT t.id, t.pilihan, t.dijawab_pada, j.isi ->> 'sebab' AS sebab
  FROM pengesahan.jawaban_tiba t
  JOIN pengesahan.jejak j ON j.sesi_id = t.sesi_id AND j.jenis = 'JAWABAN_TIDAK_DITERIMA' AND j.isi -> 'tiba' = to_jsonb(t.id)
 WHERE t.sesi_id = :sesi_id AND t.urutan = :urutan
 ORDER BY j.id
