-- The sieve: what it looks at, what it makes of each row, and both once more for the audit.

-- name: saringan_salin_masuk
COPY pengesahan.saringan (sesi_id, idpel, daya, kwh, jam_nyala, hasil, alasan, dlpd, lalu_bulan, lalu_lwbp, lalu_wbp, lalu_fkm,
    kwh_kirim) FROM STDIN

-- name: saringan_hitung
-- How many rows passed and were held, and how many by each reason.
SELECT hasil AS kode, count(*) AS jumlah FROM pengesahan.saringan WHERE sesi_id = :sesi_id GROUP BY hasil
UNION ALL
SELECT a, count(*) FROM pengesahan.saringan s, unnest(s.alasan) a WHERE sesi_id = :sesi_id GROUP BY a
ORDER BY kode

-- name: saringan_batas
-- Where chunks of a snapshot end, by idpel; the last one ends with it.
SELECT idpel
  FROM (SELECT idpel, row_number() OVER (ORDER BY idpel) AS nomor, count(*) OVER () AS jumlah
          FROM pengesahan.bacaan WHERE sesi_id = :sesi_id) b
 WHERE nomor % :potong = 0 OR nomor = jumlah ORDER BY idpel

-- name: saringan_ulang
-- A chunk of a snapshot, what the sieve looks at, and what it said of each row, by idpel. Both ends bound
-- both tables: the planner does not know how large a session is, and would join all of it for each chunk.
COPY (
SELECT b.idpel, b.daya, b.fkmkwh, b.fkmkvarh, b.digit_meter, b.tgl_baca, b.slalwbp, b.sahlwbp, b.slawbp, b.sahwbp, b.slakvarh,
       b.sahkvarh, b.lwbpcabut, b.lwbppasang, b.wbpcabut, b.wbppasang, b.fkmkwh_lama, b.pemkwh, b.pemkwh_lalu,
       b.pemkwh_rata3, b.foto_url, b.pilihan, b.cacat, s.daya, s.kwh, s.jam_nyala, s.hasil, array_to_string(s.alasan, ','),
       array_to_string(s.dlpd, ','), s.lalu_bulan, s.lalu_lwbp, s.lalu_wbp, s.lalu_fkm, s.kwh_kirim
  FROM (SELECT * FROM pengesahan.bacaan WHERE sesi_id = {sesi_id} AND idpel > {sesudah} AND idpel <= {sampai}) b
  LEFT JOIN (SELECT * FROM pengesahan.saringan WHERE sesi_id = {sesi_id} AND idpel > {sesudah} AND idpel <= {sampai}) s
    ON s.idpel = b.idpel
 ORDER BY b.idpel
) TO STDOUT
