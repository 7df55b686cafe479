-- The newest messages; of one unit, or only those that did not arrive.
SELECT p.id, p.dibuat_pada, p.jenis, p.unitup, s.thblrek, s.hari_baca, p.kepada, p.saluran, p.status, p.percobaan,
       CASE WHEN p.status IN ('MENUNGGU', 'GAGAL') THEN p.berikut_pada END AS berikut_pada, p.keterangan
  FROM pengesahan.pemberitahuan p LEFT JOIN pengesahan.sesi s ON s.id = p.sesi_id
 WHERE (CAST(:unitup AS text) IS NULL OR p.unitup = :unitup)
   AND (NOT :gagal OR p.status IN ('GAGAL', 'MENYERAH', 'TANPA_ALAMAT', 'LEWAT'))
 ORDER BY p.id DESC LIMIT :batas
