-- The outbox of notifications.

-- name: pemberitahuan_mulai
-- The outbox begins at the trail's end: what happened before it was at work is nobody's news.
INSERT INTO pengesahan.pemberitahuan_kursor (jejak_id) VALUES (:ujung) ON CONFLICT DO NOTHING

-- name: pemberitahuan_kursor
-- How far the outbox has read (null: it was never at work), and where the trail ends now.
SELECT (SELECT k.jejak_id FROM pengesahan.pemberitahuan_kursor k) AS sampai, j.id AS ujung FROM pengesahan.jejak_kepala j

-- name: pemberitahuan_peristiwa
-- Entries of the trail that somebody is told of, in order; lama: seen too late to be news.
SELECT j.id, j.pada, j.sesi_id, j.jenis, j.pelaku, j.isi, j.pada < clock_timestamp() - interval '1 day' AS lama
  FROM pengesahan.jejak j WHERE j.id > :sesudah AND j.id <= :sampai AND j.jenis = ANY (:jenis)
 ORDER BY j.id LIMIT :batas

-- name: pemberitahuan_pengingat
-- Gates that have waited for half of their time and are not past it, of which nobody was reminded yet.
SELECT g.sesi_id, g.urutan, g.orang, w.ingat AS pada
  FROM pengesahan.sesi s JOIN pengesahan.gerbang g ON g.sesi_id = s.id
 CROSS JOIN LATERAL (SELECT g.dibuka_pada + make_interval(secs => (s.batas_jawab_jam * 1800)::double precision) AS ingat,
                            g.dibuka_pada + make_interval(secs => (s.batas_jawab_jam * 3600)::double precision) AS batas) w
 WHERE s.status = 'BERJALAN' AND s.tahap = 'MENUNGGU_PERSETUJUAN' AND clock_timestamp() >= w.ingat AND clock_timestamp() < w.batas
   AND NOT EXISTS (SELECT 1 FROM pengesahan.persetujuan p WHERE p.sesi_id = g.sesi_id AND p.urutan = g.urutan)
   AND NOT EXISTS (SELECT 1 FROM pengesahan.jawaban_menunggu m WHERE m.sesi_id = g.sesi_id AND m.urutan = g.urutan)
   AND NOT EXISTS (SELECT 1 FROM pengesahan.pemberitahuan b
                    WHERE b.peristiwa = format('PENGINGAT:%s:%s', g.sesi_id, g.urutan))
 ORDER BY w.ingat LIMIT :batas

-- name: pemberitahuan_catat
-- One message to one recipient over one channel, once, however often it is derived.
INSERT INTO pengesahan.pemberitahuan (peristiwa, jenis, jejak_id, sesi_id, urutan, unitup, kepada, saluran, alamat, status,
                                      keterangan, terjadi_pada, selesai_pada)
VALUES (:peristiwa, :jenis, :jejak_id, :sesi_id, :urutan, :unitup, :kepada, :saluran, :alamat, :status, :keterangan,
        :terjadi_pada, CASE WHEN :status = 'MENUNGGU' THEN NULL ELSE now() END)
ON CONFLICT (peristiwa, kepada, saluran) DO NOTHING

-- name: pemberitahuan_maju
-- Moves on only from where the reader found it: another one that was quicker has written the same rows.
UPDATE pengesahan.pemberitahuan_kursor SET jejak_id = :sampai WHERE jejak_id = :dari

-- name: pemberitahuan_ambil
-- Takes the oldest message due of a channel: for "sewa" seconds it is due for nobody else, then again for everybody, should its
-- sender have died. basi: written so long ago that it is given up. usang: it asks for an answer that came meanwhile, or tells
-- of a failure that was mended.
WITH calon AS (
    SELECT p.id FROM pengesahan.pemberitahuan p
     WHERE p.saluran = :saluran AND p.status IN ('MENUNGGU', 'GAGAL')
       AND (p.berikut_pada <= clock_timestamp() OR p.berikut_pada > clock_timestamp() + interval '2 hours')
     ORDER BY p.id LIMIT 1 FOR UPDATE SKIP LOCKED
), milik AS (
    UPDATE pengesahan.pemberitahuan p SET berikut_pada = clock_timestamp() + make_interval(secs => CAST(:sewa AS double precision))
      FROM calon c WHERE p.id = c.id
    RETURNING p.*
)
SELECT p.id, p.peristiwa, p.jenis, p.sesi_id, p.urutan, p.unitup, p.kepada, p.saluran, p.alamat, p.percobaan, p.terjadi_pada, j.isi,
       p.dibuat_pada < clock_timestamp() - interval '1 day' AS basi,
       CASE WHEN p.jenis IN ('GERBANG', 'PENGINGAT', 'ESKALASI')
            THEN s.status NOT IN ('BERJALAN', 'TERHENTI') OR s.tahap <> 'MENUNGGU_PERSETUJUAN'
                 OR EXISTS (SELECT 1 FROM pengesahan.persetujuan a WHERE a.sesi_id = p.sesi_id AND a.urutan = p.urutan)
                 OR EXISTS (SELECT 1 FROM pengesahan.jawaban_menunggu m WHERE m.sesi_id = p.sesi_id AND m.urutan = p.urutan)
            WHEN p.jenis = 'TERHENTI' THEN s.status <> 'TERHENTI'
            ELSE false END AS usang
  FROM milik p LEFT JOIN pengesahan.jejak j ON j.id = p.jejak_id
  LEFT JOIN pengesahan.sesi s ON s.id = p.sesi_id

-- name: pemberitahuan_selesai
UPDATE pengesahan.pemberitahuan
   SET status = :status, percobaan = percobaan + CAST(:dicoba AS integer), keterangan = :keterangan, selesai_pada = clock_timestamp()
 WHERE id = :id AND status IN ('MENUNGGU', 'GAGAL')

-- name: pemberitahuan_gagal
-- Tried in vain: again after 1, 2, 4, ... minutes, an hour at most. What is a day old is given up when it is next due.
UPDATE pengesahan.pemberitahuan
   SET status = 'GAGAL', percobaan = percobaan + 1, keterangan = :keterangan,
       berikut_pada = clock_timestamp() + make_interval(mins => least(60, 1 << least(percobaan, 6)))
 WHERE id = :id AND status IN ('MENUNGGU', 'GAGAL')

-- name: pemberitahuan_saluran
-- Channels that have something due: mail first, then those that worked, so that broken ones stand last. No try is
-- put off by more than an hour, so one further ahead was put off by a clock that ran ahead.
SELECT saluran FROM pengesahan.pemberitahuan
 WHERE status IN ('MENUNGGU', 'GAGAL') AND (berikut_pada <= clock_timestamp() OR berikut_pada > clock_timestamp() + interval '2 hours')
 GROUP BY saluran ORDER BY saluran <> 'surel', max(percobaan), min(id)

-- name: pemberitahuan_daftar
-- The newest messages; of one unit, or only those that did not arrive.
SELECT p.id, p.dibuat_pada, p.jenis, p.unitup, s.thblrek, s.hari_baca, p.kepada, p.saluran, p.status, p.percobaan,
       CASE WHEN p.status IN ('MENUNGGU', 'GAGAL') THEN p.berikut_pada END AS berikut_pada, p.keterangan
  FROM pengesahan.pemberitahuan p LEFT JOIN pengesahan.sesi s ON s.id = p.sesi_id
 WHERE (CAST(:unitup AS text) IS NULL OR p.unitup = :unitup)
   AND (NOT :gagal OR p.status IN ('GAGAL', 'MENYERAH', 'TANPA_ALAMAT', 'LEWAT'))
 ORDER BY p.id DESC LIMIT :batas
