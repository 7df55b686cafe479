DROP DATABASE IF EXISTS acmt;
DROP DATABASE IF EXISTS pln;
CREATE DATABASE pln CHARACTER SET latin1;
CREATE DATABASE acmt CHARACTER SET latin1;
CREATE TABLE pln.unit (unitup CHAR(8), nama CHAR(40), unitap CHAR(8), unitupi CHAR(4), zona_waktu VARCHAR(40));
CREATE TABLE pln.petugas (username CHAR(30), nama CHAR(40), email VARCHAR(80), peran CHAR(20), unitup CHAR(8), aktif BIT(1));
CREATE TABLE pln.jadwal (unitup CHAR(8), thblrek CHAR(8), hari_baca CHAR(4), tgl_mulai DATE NOT NULL, jumlah_hari TINYINT);
CREATE TABLE pln.bacaan (
    idpel CHAR(16), unitup CHAR(8), thblrek CHAR(8), hari_baca CHAR(4), kddk CHAR(12), nama CHAR(40), tarif CHAR(8),
    daya INT, fkmkwh DECIMAL(10, 2), fkmkvarh DECIMAL(10, 2), digit_meter TINYINT,
    tgl_baca DATETIME NOT NULL, petugas_baca CHAR(30), kode_baca CHAR(4), kelainan CHAR(8),
    slalwbp DECIMAL(14, 3), sahlwbp DECIMAL(14, 3), slawbp DECIMAL(14, 3), sahwbp DECIMAL(14, 3),
    slakvarh DECIMAL(14, 3), sahkvarh DECIMAL(14, 3),
    lwbpcabut DECIMAL(14, 3), lwbppasang DECIMAL(14, 3), wbpcabut DECIMAL(14, 3), wbppasang DECIMAL(14, 3),
    fkmkwh_lama DECIMAL(10, 2), pemkwh DECIMAL(16, 3), pemkwh_lalu DECIMAL(16, 3), pemkwh_rata3 DECIMAL(16, 3),
    foto_url VARCHAR(200), latitude DECIMAL(9, 6), longitude DECIMAL(9, 6),
    verif_pengawas_oleh CHAR(30), verif_pengawas_pada DATETIME NOT NULL,
    verif_vendor_oleh CHAR(30), verif_vendor_pada DATETIME NOT NULL,
    kirim_oleh CHAR(30), kirim_pada DATETIME NOT NULL, diubah_pada DATETIME NOT NULL,
    KEY kelompok (unitup, thblrek, hari_baca, idpel)
);
CREATE TABLE pln.riwayat (
    idpel CHAR(16), thblrek CHAR(8), sahlwbp DECIMAL(14, 3), sahwbp DECIMAL(14, 3), kwh DECIMAL(16, 3),
    jam_nyala DECIMAL(8, 3), tgl_baca DATETIME, cara_baca CHAR(8), kode_baca CHAR(4), kelainan CHAR(8),
    petugas_baca CHAR(30), foto_url VARCHAR(200), latitude DECIMAL(9, 6), longitude DECIMAL(9, 6),
    KEY pelanggan (idpel, thblrek)
);
CREATE TABLE pln.harga (
    tarif CHAR(8), daya_dari INT, daya_sampai INT, harga_lwbp DECIMAL(10, 2), harga_wbp DECIMAL(10, 2),
    jam_minimum SMALLINT, berlaku_dari DATE
);
CREATE VIEW acmt.v_unit AS SELECT * FROM pln.unit;
CREATE VIEW acmt.v_petugas AS SELECT * FROM pln.petugas;
CREATE VIEW acmt.v_jadwal_hari_baca AS SELECT * FROM pln.jadwal;
CREATE VIEW acmt.v_bacaan AS SELECT * FROM pln.bacaan;
GRANT SELECT ON acmt.v_unit TO pembaca@'127.0.0.1';
GRANT SELECT ON acmt.v_petugas TO pembaca@'127.0.0.1';
GRANT SELECT ON acmt.v_jadwal_hari_baca TO pembaca@'127.0.0.1';
GRANT SELECT ON acmt.v_bacaan TO pembaca@'127.0.0.1'
