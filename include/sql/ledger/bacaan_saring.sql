-- What the sieve looks at, by idpel; whether there is a photo and a reading day is all it asks of these two.
COPY (
SELECT idpel, daya, fkmkwh, fkmkvarh, digit_meter, tgl_baca, slalwbp, sahlwbp, slawbp, sahwbp, slakvarh, sahkvarh,
       lwbpcabut, lwbppasang, wbpcabut, wbppasang, fkmkwh_lama, pemkwh, pemkwh_lalu, pemkwh_rata3, foto_url, cacat
  FROM pengesahan.bacaan
 WHERE sesi_id = {sesi_id}
 ORDER BY idpel
) TO STDOUT
