SELECT a.sesi_id, s.nomor, a.baris, a.berkas, a.sidik_berkas, a.oleh, a.alasan, a.diarsipkan_pada
  FROM pengesahan.arsip a JOIN pengesahan.sesi s ON s.id = a.sesi_id ORDER BY a.sesi_id
