-- Takes the oldest message due of a channel: for :sewa seconds it is due for nobody else, then again for everybody, should its
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
  FROM milik p
  LEFT JOIN pengesahan.jejak j ON j.id = p.jejak_id
  LEFT JOIN pengesahan.sesi s ON s.id = p.sesi_id
