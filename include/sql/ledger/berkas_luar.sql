SELECT idpel, kejadian, tahap, kodeposting, no_pengesahan, oleh, waktu, ditemukan_pada
  FROM pengesahan.luar_sistem WHERE sesi_id = :sesi_id ORDER BY idpel, id
