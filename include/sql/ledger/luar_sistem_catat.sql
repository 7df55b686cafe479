-- What was found, all at one instant; what is known already stays as it was first written down. Returns what is new.
WITH baru AS (
INSERT INTO pengesahan.luar_sistem (sesi_id, idpel, kejadian, tahap, kodeposting, no_pengesahan, oleh, waktu)
SELECT :sesi_id, b.idpel, b.kejadian, :tahap, b.kodeposting, b.no_pengesahan, b.oleh, b.waktu
  FROM json_to_recordset(CAST(:baris AS json))
       AS b (idpel text, kejadian text, kodeposting smallint, no_pengesahan text, oleh text, waktu text)
ON CONFLICT (sesi_id, idpel, kejadian, tahap) DO NOTHING
RETURNING idpel, kejadian, kodeposting, no_pengesahan, oleh, waktu, ditemukan_pada
)
SELECT jsonb_build_array(idpel, kejadian, kodeposting, no_pengesahan, oleh, waktu,
                         extract(epoch FROM ditemukan_pada)::text) FROM baru ORDER BY idpel, kejadian
