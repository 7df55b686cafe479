-- A chunk of a snapshot as the sieve looks at it (see bacaan_saring), and what it said of each row, by idpel. Both ends bound
-- both tables: the planner does not know how large a session is, and would join all of it for each chunk.
COPY (
SELECT b.idpel, b.daya, b.fkmkwh, b.fkmkvarh, b.digit_meter, b.tgl_baca, b.slalwbp, b.sahlwbp, b.slawbp, b.sahwbp, b.slakvarh,
       b.sahkvarh, b.lwbpcabut, b.lwbppasang, b.wbpcabut, b.wbppasang, b.fkmkwh_lama, b.pemkwh, b.pemkwh_lalu, b.pemkwh_rata3,
       b.foto_url, b.cacat,
       s.daya, s.kwh, s.jam_nyala, s.hasil, array_to_string(s.alasan, ','), array_to_string(s.dlpd, ','),
       s.lalu_bulan, s.lalu_lwbp, s.lalu_wbp, s.lalu_fkm
  FROM (SELECT * FROM pengesahan.bacaan WHERE sesi_id = {sesi_id} AND idpel > {sesudah} AND idpel <= {sampai}) b
  LEFT JOIN (SELECT * FROM pengesahan.saringan WHERE sesi_id = {sesi_id} AND idpel > {sesudah} AND idpel <= {sampai}) s
    ON s.idpel = b.idpel
 ORDER BY b.idpel
) TO STDOUT
