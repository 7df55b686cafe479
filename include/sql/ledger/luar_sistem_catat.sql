-- What was found, all at one instant; what the session's last look at this stage found just so is not written again.
-- Returns what is new.
WITH baru AS (
INSERT INTO pengesahan.luar_sistem (sesi_id, idpel, kejadian, tahap, kodeposting, no_pengesahan, oleh, waktu)
SELECT :sesi_id, b.idpel, b.kejadian, :tahap, b.kodeposting, b.no_pengesahan, b.oleh, b.waktu
  FROM json_to_recordset(CAST(:baris AS json))
       AS b (idpel text, kejadian text, kodeposting smallint, no_pengesahan text, oleh text, waktu text)
  LEFT JOIN LATERAL (SELECT l.kejadian, l.kodeposting, l.no_pengesahan FROM pengesahan.luar_sistem l
                      WHERE l.sesi_id = :sesi_id AND l.idpel = b.idpel AND l.tahap = :tahap
                      ORDER BY l.id DESC LIMIT 1) t ON true
 WHERE (t.kejadian, t.kodeposting, t.no_pengesahan) IS DISTINCT FROM (b.kejadian, b.kodeposting, b.no_pengesahan)
RETURNING idpel, kejadian, kodeposting, no_pengesahan, oleh, waktu, ditemukan_pada
)
SELECT jsonb_build_array(idpel, kejadian, kodeposting, no_pengesahan, oleh, waktu,
                         extract(epoch FROM ditemukan_pada)::text) FROM baru ORDER BY idpel, kejadian
