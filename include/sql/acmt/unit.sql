-- Units, and who holds which role there.

-- name: unit
-- One unit layanan. Few rows, and text may be padded.
SELECT unitup, nama, unitap, unitupi, zona_waktu FROM acmt.v_unit WHERE TRIM(unitup) = :unitup

-- name: semua_unit
-- Every unit layanan.
SELECT unitup, nama, unitap, unitupi, zona_waktu FROM acmt.v_unit ORDER BY unitup

-- name: petugas
-- Who holds which role in one unit, active or not. Few rows, and text may be padded.
SELECT username, nama, email, peran, unitup, aktif FROM acmt.v_petugas WHERE TRIM(unitup) = :unitup
ORDER BY username, peran

-- name: semua_petugas
-- Everybody in every unit, as it stands there.
SELECT username, nama, email, peran, unitup, aktif FROM acmt.v_petugas

-- name: petugas_admin
-- Everybody whom some unit names as ADMIN_CMT, active or not.
SELECT DISTINCT username FROM acmt.v_petugas WHERE TRIM(peran) = 'ADMIN_CMT'

-- name: petugas_orang
-- Units in which a person is ADMIN_CMT. Few rows, and text may be padded.
SELECT DISTINCT unitup FROM acmt.v_petugas WHERE TRIM(peran) = 'ADMIN_CMT' AND TRIM(username) = :username
ORDER BY unitup

-- name: petugas_surel
-- Mail addresses of one person, by unit. Few rows, and text may be padded.
SELECT unitup, email, aktif FROM acmt.v_petugas WHERE TRIM(username) = :username ORDER BY unitup
