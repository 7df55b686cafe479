-- What the gate's sum of kWh stands on: the sum over customers that passed, how many have some kWh, the largest one's, and
-- whether a gate of the same kelompok and month stood before.
SELECT coalesce(sum(g.kwh), 0) AS kwh, count(*) FILTER (WHERE g.kwh > 0) AS berkwh, coalesce(max(g.kwh), 0) AS terbesar,
       EXISTS (SELECT 1 FROM pengesahan.sesi s
                 JOIN pengesahan.sesi t ON t.unitup = s.unitup AND t.thblrek = s.thblrek AND t.hari_baca = s.hari_baca
                      AND t.id < s.id
                 JOIN pengesahan.gerbang b ON b.sesi_id = t.id
                WHERE s.id = :sesi_id) AS pernah
  FROM pengesahan.saringan g WHERE g.sesi_id = :sesi_id AND g.hasil = 'LOLOS'
