-- Who holds which role in one unit, active or not. Few rows, and text may be padded.
SELECT username, nama, email, peran, unitup, aktif
FROM acmt.v_petugas
WHERE TRIM(unitup) = :unitup
ORDER BY username, peran
