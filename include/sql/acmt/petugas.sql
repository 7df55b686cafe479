-- Who holds which role in one unit, active or not.
SELECT username, nama, email, peran, unitup, aktif
FROM acmt.v_petugas
WHERE unitup = :unitup
ORDER BY username, peran
