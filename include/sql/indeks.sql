-- The customers of one unit's month as the page lists them (SQLite, in memory).

-- name: buat
-- Numbers stand twice: as exact text to be shown, and as a number to sort and to filter by. status_no and tahap_no are places
-- in the vocabulary of statuses. dlpd_bit has one bit a flag.
CREATE TABLE pelanggan (
    hari_baca TEXT NOT NULL, idpel TEXT NOT NULL, nama TEXT, kddk TEXT, tarif TEXT, daya TEXT,
    status_no INTEGER NOT NULL, tahap_no INTEGER NOT NULL, sebab TEXT NOT NULL, dlpd_bit INTEGER NOT NULL,
    kwh TEXT, kwh_n REAL, jam_nyala TEXT, jam_n REAL, menurut TEXT NOT NULL, sejak TEXT, sesi TEXT, catatan TEXT NOT NULL,
    PRIMARY KEY (idpel, hari_baca)
) WITHOUT ROWID

-- name: isi
INSERT OR REPLACE INTO pelanggan
VALUES (:hari_baca, :idpel, :nama, :kddk, :tarif, :daya, :status_no, :tahap_no, :sebab, :dlpd_bit, :kwh, :kwh_n, :jam_nyala,
        :jam_n, :menurut, :sejak, :sesi, :catatan)

-- name: saring
-- What counts are taken from, without reading the rows themselves.
CREATE INDEX saring ON pelanggan (status_no, hari_baca, dlpd_bit, jam_n)

-- name: lepas
DELETE FROM pelanggan WHERE hari_baca = :hari_baca

-- name: gabung
-- Take a kelompok over from the database that was just worked out.
INSERT OR REPLACE INTO main.pelanggan SELECT * FROM baru.pelanggan

-- name: daftar
-- One page of the customers that are wanted, sorted. Nothing to sort by comes last, whichever way.
SELECT *
  FROM (SELECT p.*, CASE :urut WHEN 'kwh' THEN kwh_n WHEN 'jam_nyala' THEN jam_n WHEN 'daya' THEN CAST(daya AS REAL)
                               WHEN 'status' THEN status_no WHEN 'nama' THEN nama COLLATE NOCASE WHEN 'kddk' THEN kddk
                               WHEN 'tarif' THEN tarif WHEN 'hari_baca' THEN hari_baca WHEN 'sejak' THEN sejak
                               WHEN 'idpel' THEN idpel END AS kunci
          FROM pelanggan p
         WHERE (:hari_baca IS NULL OR hari_baca = :hari_baca) AND (:status = 0 OR (1 << status_no) & :status)
           AND (:dlpd = 0 OR dlpd_bit & :dlpd)
           AND (:jam_min IS NULL OR jam_n >= :jam_min) AND (:jam_maks IS NULL OR jam_n <= :jam_maks)
           AND (:cari IS NULL OR nama LIKE :cari ESCAPE '\' OR idpel LIKE :cari ESCAPE '\' OR kddk LIKE :cari ESCAPE '\'))
 ORDER BY kunci IS NULL, CASE WHEN NOT :turun THEN kunci END, CASE WHEN :turun THEN kunci END DESC, idpel
 LIMIT :ukuran OFFSET :lewati

-- name: daftar_urut
-- As daftar, by idpel upwards: the order the rows are kept in, so that nothing is sorted.
SELECT * FROM pelanggan
 WHERE (:hari_baca IS NULL OR hari_baca = :hari_baca) AND (:status = 0 OR (1 << status_no) & :status)
   AND (:dlpd = 0 OR dlpd_bit & :dlpd)
   AND (:jam_min IS NULL OR jam_n >= :jam_min) AND (:jam_maks IS NULL OR jam_n <= :jam_maks)
   AND (:cari IS NULL OR nama LIKE :cari ESCAPE '\' OR idpel LIKE :cari ESCAPE '\' OR kddk LIKE :cari ESCAPE '\')
 ORDER BY idpel, hari_baca LIMIT :ukuran OFFSET :lewati

-- name: hitung
-- How many customers there are of each status, whatever status is asked for, where nothing is searched for.
SELECT status_no, count(*) AS jumlah FROM pelanggan
 WHERE (:hari_baca IS NULL OR hari_baca = :hari_baca) AND (:dlpd = 0 OR dlpd_bit & :dlpd)
   AND (:jam_min IS NULL OR jam_n >= :jam_min) AND (:jam_maks IS NULL OR jam_n <= :jam_maks)
 GROUP BY status_no

-- name: hitung_cari
-- As hitung, of those whose name, idpel or KDDK holds what is searched for.
SELECT status_no, count(*) AS jumlah FROM pelanggan
 WHERE (:hari_baca IS NULL OR hari_baca = :hari_baca) AND (:dlpd = 0 OR dlpd_bit & :dlpd)
   AND (:jam_min IS NULL OR jam_n >= :jam_min) AND (:jam_maks IS NULL OR jam_n <= :jam_maks)
   AND (nama LIKE :cari ESCAPE '\' OR idpel LIKE :cari ESCAPE '\' OR kddk LIKE :cari ESCAPE '\')
 GROUP BY +status_no -- the plus keeps it from walking the index, row by row back to the table
