-- Every row the sieve holds, by reason, at most a thousand an entry.
INSERT INTO pengesahan.jejak (sesi_id, jenis, pelaku, isi, id, pada, sebelum, sidik)
SELECT :sesi_id, 'DITAHAN', 'sistem', jsonb_object_agg(alasan, idpel), 0, now(), '', ''
  FROM (SELECT bagian, alasan, jsonb_agg(idpel ORDER BY idpel) AS idpel
          FROM (SELECT a AS alasan, s.idpel, (row_number() OVER (ORDER BY a, s.idpel) - 1) / 1000 AS bagian
                  FROM pengesahan.saringan s, unnest(s.alasan) a
                 WHERE s.sesi_id = :sesi_id AND s.hasil = 'DITAHAN') n
         GROUP BY bagian, alasan) k
 GROUP BY bagian ORDER BY bagian
