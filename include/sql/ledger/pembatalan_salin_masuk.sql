COPY pengesahan.pembatalan_baris (sesi_id, idpel, kodeposting, no_pengesahan, asal, kwh, oleh, waktu, hasil, sebab) FROM STDIN
