-- Everybody in every unit, as it stands there.
SELECT username, nama, email, peran, unitup, aktif
FROM acmt.v_petugas
