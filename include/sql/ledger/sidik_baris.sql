-- What an approval binds: every row of the snapshot with every value, and what the sieve made of it.
COPY (
SELECT b.*, s.daya, s.kwh, s.jam_nyala, s.hasil, s.alasan, s.dlpd
  FROM pengesahan.bacaan b LEFT JOIN pengesahan.saringan s ON s.sesi_id = b.sesi_id AND s.idpel = b.idpel
 WHERE b.sesi_id = {sesi_id}
 ORDER BY b.idpel COLLATE "C"
) TO STDOUT
