-- Of the customers a session's sieve holds, those who are not held any more as of a moment: sent back, or posted by others as was
-- found after the sieve, by a comparison of that session or by any later one.
WITH akhir AS (
    SELECT s.id, s.unitup, s.thblrek, s.hari_baca FROM pengesahan.sesi s WHERE s.id = ANY (CAST(:sesi AS bigint[]))
), calon AS (
    SELECT a.id, k.idpel COLLATE "C" AS idpel, true AS kembali
      FROM akhir a JOIN pengesahan.persetujuan p ON p.sesi_id = a.id CROSS JOIN LATERAL unnest(p.kembalikan) k (idpel)
     WHERE p.dicatat_pada <= :pada
    UNION
    SELECT a.id, l.idpel COLLATE "C", false
      FROM akhir a
      JOIN pengesahan.sesi s ON s.unitup = a.unitup AND s.thblrek = a.thblrek AND s.hari_baca = a.hari_baca AND s.id >= a.id
      JOIN LATERAL (SELECT x.idpel FROM pengesahan.luar_sistem x
                     WHERE x.sesi_id = s.id AND x.kodeposting > 0 AND x.ditemukan_pada <= :pada
                       AND (x.tahap = 'REKONSILIASI' OR s.id > a.id)
                    UNION ALL
                    SELECT t.idpel FROM pengesahan.suplai_terlihat t
                     WHERE t.sesi_id = s.id AND t.pada <= :pada) l ON true
), tertahan AS MATERIALIZED (
    SELECT a.id, a.unitup, a.thblrek, a.hari_baca, g.idpel, bool_or(c.kembali) AS kembali,
           bool_or('JAM_NYALA' = ANY (g.alasan)) AS jam_nyala
      FROM calon c JOIN akhir a ON a.id = c.id
      JOIN pengesahan.saringan g ON g.sesi_id = c.id AND g.idpel = c.idpel AND g.hasil = 'DITAHAN'
     GROUP BY 1, 2, 3, 4, 5
)
SELECT t.id, count(*) AS ditahan, count(*) FILTER (WHERE t.jam_nyala) AS jam_nyala
  FROM tertahan t
 WHERE t.kembali
    OR (SELECT g.kodeposting FROM pengesahan.gerak_posisi g
         WHERE g.unitup = t.unitup AND g.thblrek = t.thblrek AND g.hari_baca = t.hari_baca AND g.idpel = t.idpel
           AND g.pada <= :pada AND (g.sampai IS NULL OR g.sampai > :pada)) > 0
 GROUP BY t.id
