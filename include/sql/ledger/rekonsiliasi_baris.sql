-- The next rows of a session's snapshot with what the sieve said, what was sent and what came of it, by idpel.
SELECT s.idpel, s.hasil, h.status, h.kodeposting, s.kwh, b.sahlwbp, b.sahwbp, b.sahkvarh
  FROM pengesahan.saringan s
  JOIN pengesahan.bacaan b ON b.sesi_id = s.sesi_id AND b.idpel = s.idpel
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = s.sesi_id AND h.idpel = s.idpel
 WHERE s.sesi_id = :sesi_id AND s.idpel > :sesudah
 ORDER BY s.idpel
 LIMIT :batas
