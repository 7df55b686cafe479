COPY pengesahan.saringan (sesi_id, idpel, daya, kwh, jam_nyala, hasil, alasan, dlpd, lalu_bulan, lalu_lwbp, lalu_wbp, lalu_fkm)
    FROM STDIN
