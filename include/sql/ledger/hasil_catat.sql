INSERT INTO pengesahan.hasil (sesi_id, idpel, kunci, status, kode, pesan, kodeposting)
SELECT :sesi_id, h.idpel, CAST(:kunci AS uuid), h.status, h.kode, h.pesan, h.kodeposting
  FROM json_to_recordset(CAST(:hasil AS json)) AS h (idpel text, status text, kode text, pesan text, kodeposting smallint)
