SELECT kunci::text AS kunci, oleh, idpel, epoch, dikirim_pada FROM pengesahan.batch
 WHERE sesi_id = :sesi_id AND status = 'DIKIRIM' ORDER BY epoch, idpel[1]
