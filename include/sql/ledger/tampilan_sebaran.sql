-- Distribution of jam nyala over the whole snapshot, in fine classes (bounds in hours, the lower one included, 2000 itself in
-- the last but one), and how many of each class are held. Who has no jam nyala is in no class.
SELECT k.kelas, count(*) AS jumlah, count(*) FILTER (WHERE k.hasil = 'DITAHAN') AS ditahan
  FROM (SELECT g.hasil, CASE WHEN g.kwh * 1000 > 2000 * g.daya THEN cardinality(b.batas)
                             ELSE least(width_bucket(g.jam_nyala, b.batas), cardinality(b.batas) - 1) END AS kelas
          FROM pengesahan.saringan g, (SELECT CAST(:batas AS numeric[]) AS batas) b
         WHERE g.sesi_id = :sesi_id AND g.jam_nyala >= 0 AND g.jam_nyala < 'Infinity') k
 GROUP BY k.kelas ORDER BY k.kelas
