SELECT kunci::text AS kunci, epoch, oleh, sidik_isi, status, dikirim_pada, selesai_pada, keterangan, idpel
  FROM pengesahan.batch WHERE sesi_id = :sesi_id ORDER BY epoch, idpel[1], kunci
