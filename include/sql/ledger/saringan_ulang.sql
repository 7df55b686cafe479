-- Some rows of a snapshot as the sieve looks at them (see bacaan_saring), and what it said of each, by idpel.
COPY (
SELECT b.idpel, b.daya, b.fkmkwh, b.fkmkvarh, b.digit_meter, b.tgl_baca, b.slalwbp, b.sahlwbp, b.slawbp, b.sahwbp, b.slakvarh,
       b.sahkvarh, b.lwbpcabut, b.lwbppasang, b.wbpcabut, b.wbppasang, b.fkmkwh_lama, b.pemkwh, b.pemkwh_lalu, b.pemkwh_rata3,
       b.foto_url, b.cacat,
       s.daya, s.kwh, s.jam_nyala, s.hasil, array_to_string(s.alasan, ','), array_to_string(s.dlpd, ','),
       s.lalu_bulan, s.lalu_lwbp, s.lalu_wbp, s.lalu_fkm
  FROM pengesahan.bacaan b
  LEFT JOIN pengesahan.saringan s ON s.sesi_id = b.sesi_id AND s.idpel = b.idpel AND s.sesi_id = {sesi_id} AND s.idpel > {sesudah}
 WHERE b.sesi_id = {sesi_id} AND b.idpel > {sesudah}
 ORDER BY b.idpel
 LIMIT {potong}
) TO STDOUT
