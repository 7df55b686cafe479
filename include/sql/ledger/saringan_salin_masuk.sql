COPY pengesahan.saringan (sesi_id, idpel, daya, kwh, jam_nyala, hasil, alasan, dlpd) FROM STDIN
