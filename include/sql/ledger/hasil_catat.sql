-- Write outcomes down; return the digest of what now stands (by idpel, with the instant the ledger gave them).
WITH baru AS (
INSERT INTO pengesahan.hasil (sesi_id, idpel, kunci, status, kode, pesan, kodeposting)
SELECT :sesi_id, h.idpel, CAST(:kunci AS uuid), h.status, h.kode, h.pesan, h.kodeposting
  FROM json_to_recordset(CAST(:hasil AS json)) AS h (idpel text, status text, kode text, pesan text, kodeposting smallint)
RETURNING idpel, status, kode, pesan, kodeposting, pada
)
SELECT encode(sha256(convert_to(string_agg(jsonb_build_array(idpel, status, kode, pesan, kodeposting,
                                                             extract(epoch FROM pada)::text)::text,
                                           E'\n' ORDER BY idpel COLLATE "C"), 'UTF8')), 'hex')
  FROM baru
