SELECT versi, berlaku_sejak, oleh, alasan, sidik FROM pengesahan.konfigurasi ORDER BY versi
