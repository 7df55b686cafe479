INSERT INTO pengesahan.batch (kunci, sesi_id, epoch, oleh, idpel, sidik_isi)
VALUES (:kunci, :sesi_id, :epoch, :oleh, ARRAY(SELECT json_array_elements_text(CAST(:idpel AS json))), :sidik_isi)
RETURNING dikirim_pada
