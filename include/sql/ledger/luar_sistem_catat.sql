INSERT INTO pengesahan.luar_sistem (sesi_id, idpel, kejadian, tahap, kodeposting, no_pengesahan, oleh, waktu)
VALUES (:sesi_id, :idpel, :kejadian, :tahap, :kodeposting, :no_pengesahan, :oleh, :waktu)
ON CONFLICT (sesi_id, idpel, kejadian, tahap) DO NOTHING
