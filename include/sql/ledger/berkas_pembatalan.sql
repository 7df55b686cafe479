-- A cancellation's rows for its file, as the digest takes them (see sidik_pembatalan), and what came of each.
COPY (
SELECT r.sesi_id, r.idpel, r.kodeposting, r.no_pengesahan, r.asal, r.kwh, r.oleh, r.waktu, r.hasil, r.sebab,
       h.kunci, h.status, h.kode, h.pesan, h.kodeposting, extract(epoch FROM h.pada)
  FROM pengesahan.pembatalan_baris r
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = r.sesi_id AND h.idpel = r.idpel
 WHERE r.sesi_id = {sesi_id}
 ORDER BY r.idpel COLLATE "C"
) TO STDOUT
