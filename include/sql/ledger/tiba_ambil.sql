-- An arrival, with why it was not taken up, if so.
SELECT t.id, t.sesi_id, t.urutan, t.sidik, t.epoch, t.oleh, t.pilihan, t.isian, t.dijawab_pada, t.tiba_pada,
       (SELECT j.isi ->> 'sebab' FROM pengesahan.jejak j
         WHERE j.sesi_id = t.sesi_id AND j.jenis = 'JAWABAN_TIDAK_DITERIMA' AND j.isi -> 'tiba' = to_jsonb(t.id)
         ORDER BY j.id LIMIT 1) AS ditolak
  FROM pengesahan.jawaban_tiba t WHERE t.id = :id
