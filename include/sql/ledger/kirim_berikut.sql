-- The rows that may still go, by idpel: passed, not sent back, no outcome; of their readings only what is sent.
SELECT s.kwh, s.jam_nyala, b.idpel, b.tgl_baca, b.slalwbp, b.sahlwbp, b.slawbp, b.sahwbp, b.slakvarh, b.sahkvarh
  FROM pengesahan.saringan s JOIN pengesahan.bacaan b ON b.sesi_id = s.sesi_id AND b.idpel = s.idpel
 WHERE s.sesi_id = :sesi_id AND s.hasil = 'LOLOS' AND s.idpel > :sesudah
   AND s.idpel <> ALL (CAST(:kembalikan AS text[]))
   AND NOT EXISTS (SELECT 1 FROM pengesahan.hasil h WHERE h.sesi_id = s.sesi_id AND h.idpel = s.idpel)
 ORDER BY s.idpel
 LIMIT :batas
