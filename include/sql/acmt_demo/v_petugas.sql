CREATE OR REPLACE VIEW acmt.v_petugas AS
SELECT username, nama, email, peran, unitup, aktif
FROM acmt_dasar.petugas
