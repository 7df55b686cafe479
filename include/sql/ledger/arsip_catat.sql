INSERT INTO pengesahan.arsip (sesi_id, baris, berkas, sidik_berkas, oleh, alasan, diarsipkan_pada)
SELECT s.id, :baris, :berkas, :sidik_berkas, :oleh, :alasan, now() FROM pengesahan.sesi s WHERE s.id = :sesi_id AND s.nomor = :nomor
