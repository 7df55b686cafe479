INSERT INTO pengesahan.pembatalan (sesi_id, cakupan, alasan, diminta)
VALUES (:sesi_id, :cakupan, :alasan, ARRAY(SELECT json_array_elements_text(CAST(:diminta AS json))))
