SELECT urutan, keputusan, oleh, catatan, kembalikan, sidik, petugas, dijawab_pada, tiba
  FROM pengesahan.persetujuan WHERE sesi_id = :sesi_id ORDER BY urutan
