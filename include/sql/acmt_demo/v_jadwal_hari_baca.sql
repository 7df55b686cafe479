CREATE OR REPLACE VIEW acmt.v_jadwal_hari_baca AS
SELECT unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari
FROM acmt_dasar.jadwal_hari_baca
