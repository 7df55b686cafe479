SELECT cakupan, alasan, diminta FROM pengesahan.pembatalan WHERE sesi_id = :sesi_id
