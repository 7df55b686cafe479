-- An arrival as it stands; of the form's fields only their digest, since the answer that is taken up tells what counts.
INSERT INTO pengesahan.jejak (sesi_id, jenis, pelaku, isi, id, pada, sebelum, sidik)
SELECT t.sesi_id, 'JAWABAN_TIBA', CASE t.oleh WHEN '' THEN 'sistem' ELSE t.oleh END,
       to_jsonb(t) - '{id,sesi_id,oleh,isian}'::text[]
       || jsonb_build_object('tiba', t.id, 'sidik_isian', encode(sha256(convert_to(t.isian, 'UTF8')), 'hex')),
       0, now(), '', ''
  FROM pengesahan.jawaban_tiba t WHERE t.id = :id
