INSERT INTO pengesahan.arsip (sesi_id, baris, berkas, sidik_berkas, oleh, alasan, diarsipkan_pada)
VALUES (:sesi_id, :baris, :berkas, :sidik_berkas, :oleh, :alasan, now())
