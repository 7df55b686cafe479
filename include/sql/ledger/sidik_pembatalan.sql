-- What the approval of a cancellation binds, row by row; in front of it stands what was asked.
COPY (
SELECT sesi_id, idpel, kodeposting, no_pengesahan, asal, kwh, oleh, waktu, hasil, sebab
  FROM pengesahan.pembatalan_baris WHERE sesi_id = {sesi_id}
 ORDER BY idpel COLLATE "C"
) TO STDOUT
