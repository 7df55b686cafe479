-- One message to one recipient over one channel, once, however often it is derived.
INSERT INTO pengesahan.pemberitahuan (peristiwa, jenis, jejak_id, sesi_id, urutan, unitup, kepada, saluran, alamat, status,
                                      keterangan, terjadi_pada, selesai_pada)
VALUES (:peristiwa, :jenis, :jejak_id, :sesi_id, :urutan, :unitup, :kepada, :saluran, :alamat, :status, :keterangan,
        :terjadi_pada, CASE WHEN :status = 'MENUNGGU' THEN NULL ELSE now() END)
ON CONFLICT (peristiwa, kepada, saluran) DO NOTHING
