-- One session in detail.

-- name: tampilan_gerbang
-- A session's gates with their answers, and what arrived and waits to be judged.
SELECT g.urutan, g.orang, g.dibuka_pada, p.keputusan, p.oleh, p.dijawab_pada, p.catatan, p.kembalikan,
       t.oleh AS tiba_oleh, t.pilihan AS tiba_pilihan, t.dijawab_pada AS tiba_dijawab_pada
  FROM pengesahan.gerbang g LEFT JOIN pengesahan.persetujuan p ON p.sesi_id = g.sesi_id AND p.urutan = g.urutan
  LEFT JOIN LATERAL (SELECT * FROM pengesahan.jawaban_menunggu m
                      WHERE m.sesi_id = g.sesi_id AND m.urutan = g.urutan ORDER BY m.id LIMIT 1) t ON true
 WHERE g.sesi_id = :sesi_id ORDER BY g.urutan

-- name: tampilan_pengembalian
-- Customers a session's answers sent back: whose, why, and whether ACMT was told.
SELECT urutan, idpel, alasan, status FROM pengesahan.pengembalian WHERE sesi_id = :sesi_id ORDER BY urutan, idpel

-- name: tampilan_sebaran
-- Distribution of jam nyala over the whole snapshot, in fine classes (bounds in hours, the lower one included, 2000 itself in
-- the last but one), and how many of each class are held. Who has no jam nyala is in no class.
SELECT k.kelas, count(*) AS jumlah, count(*) FILTER (WHERE k.hasil = 'DITAHAN') AS ditahan
  FROM (SELECT g.hasil, CASE WHEN g.kwh * 1000 > 2000 * g.daya OR g.jam_nyala > 2000 THEN cardinality(b.batas)
                             ELSE least(width_bucket(g.jam_nyala, b.batas), cardinality(b.batas) - 1) END AS kelas
          FROM pengesahan.saringan g, (SELECT CAST(:batas AS numeric[]) AS batas) b
         WHERE g.sesi_id = :sesi_id AND g.jam_nyala >= 0 AND g.jam_nyala < 'Infinity') k
 GROUP BY k.kelas ORDER BY k.kelas

-- name: tampilan_hasil
-- What came of a session's rows so far.
SELECT status, count(*) AS jumlah FROM pengesahan.hasil WHERE sesi_id = :sesi_id GROUP BY status ORDER BY status
