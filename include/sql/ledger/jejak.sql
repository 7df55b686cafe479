-- The trail: entries written with what they tell of, and read as they are hashed.

-- name: jejak_catat
INSERT INTO pengesahan.jejak (sesi_id, jenis, pelaku, isi, id, pada, sebelum, sidik)
VALUES (:sesi_id, :jenis, :pelaku, CAST(:isi AS jsonb), 0, now(), '', '')

-- name: jejak_ditahan
-- Every row the sieve holds, by reason, at most a thousand an entry.
INSERT INTO pengesahan.jejak (sesi_id, jenis, pelaku, isi, id, pada, sebelum, sidik)
SELECT :sesi_id, 'DITAHAN', 'sistem', jsonb_object_agg(alasan, idpel), 0, now(), '', ''
  FROM (SELECT bagian, alasan, jsonb_agg(idpel ORDER BY idpel) AS idpel
          FROM (SELECT a AS alasan, s.idpel, (row_number() OVER (ORDER BY a, s.idpel) - 1) / 1000 AS bagian
                  FROM pengesahan.saringan s, unnest(s.alasan) a WHERE s.sesi_id = :sesi_id AND s.hasil = 'DITAHAN') n
         GROUP BY bagian, alasan) k
 GROUP BY bagian ORDER BY bagian

-- name: jejak_disaring
-- What the trail last counted of a session's sieve.
SELECT isi -> 'hitung' AS hitung, (isi ->> 'dibandingkan')::bigint AS dibandingkan
  FROM pengesahan.jejak WHERE sesi_id = :sesi_id AND jenis = 'DISARING' ORDER BY id DESC LIMIT 1

-- name: jejak_gerbang
-- A gate as it stands: which digest was shown to whom, and when.
INSERT INTO pengesahan.jejak (sesi_id, jenis, pelaku, isi, id, pada, sebelum, sidik)
SELECT g.sesi_id, 'GERBANG_DIBUKA', 'sistem', to_jsonb(g) - 'sesi_id', 0, now(), '', ''
  FROM pengesahan.gerbang g WHERE g.sesi_id = :sesi_id AND g.urutan = :urutan

-- name: jejak_tiba
-- An arrival as it stands; of the form's fields only their digest, since the answer that is taken up tells what counts.
INSERT INTO pengesahan.jejak (sesi_id, jenis, pelaku, isi, id, pada, sebelum, sidik)
SELECT t.sesi_id, 'JAWABAN_TIBA', CASE t.oleh WHEN '' THEN 'sistem' ELSE t.oleh END,
       to_jsonb(t) - '{id,sesi_id,oleh,isian}'::text[]
       || jsonb_build_object('tiba', t.id, 'sidik_isian', encode(sha256(convert_to(t.isian, 'UTF8')), 'hex')),
       0, now(), '', ''
  FROM pengesahan.jawaban_tiba t WHERE t.id = :id

-- name: jejak_jawaban
-- An answer as it stands, with the authority it was given on.
INSERT INTO pengesahan.jejak (sesi_id, jenis, pelaku, isi, id, pada, sebelum, sidik)
SELECT p.sesi_id, 'DIJAWAB', p.oleh, to_jsonb(p) - '{sesi_id,oleh}'::text[] || CAST(:lain AS jsonb), 0, now(), '', ''
  FROM pengesahan.persetujuan p WHERE p.sesi_id = :sesi_id AND p.urutan = :urutan

-- name: jejak_terakhir
-- What the session's last entry of a kind and key says.
SELECT isi FROM pengesahan.jejak WHERE sesi_id = :sesi_id AND jenis = :jenis AND isi @> CAST(:kunci AS jsonb)
 ORDER BY id DESC LIMIT 1

-- name: kesiapan_barusan
-- Whether a session's last look at a stage found it ready, less than a minute ago.
SELECT isi @> '{"siap": true}' AND pada > clock_timestamp() - interval '1 minute'
  FROM pengesahan.jejak WHERE sesi_id = :sesi_id AND jenis = 'KESIAPAN' AND isi ->> 'tahap' = :tahap ORDER BY id DESC LIMIT 1

-- name: jejak_baca
-- The trail's raw values, as they are hashed, in order.
SELECT id, extract(epoch FROM pada)::text AS waktu, sesi_id, jenis, pelaku, isi::text AS isi,
       encode(sebelum, 'hex') AS sebelum, encode(sidik, 'hex') AS sidik
  FROM pengesahan.jejak WHERE id > :sesudah AND (CAST(:sampai AS bigint) IS NULL OR id <= :sampai) ORDER BY id

-- name: jejak_halaman
-- A page of one session's trail, in order; without a limit all of it.
SELECT id, extract(epoch FROM pada)::text AS waktu, sesi_id, jenis, pelaku, isi::text AS isi,
       encode(sebelum, 'hex') AS sebelum, encode(sidik, 'hex') AS sidik
  FROM pengesahan.jejak WHERE sesi_id = :sesi_id AND id > :sesudah ORDER BY id LIMIT CAST(:batas AS bigint)

-- name: jejak_kepala
SELECT id AS nomor, encode(sidik, 'hex') AS sidik FROM pengesahan.jejak_kepala

-- name: jejak_jumlah
SELECT count(*) FROM pengesahan.jejak WHERE id <= :sampai
