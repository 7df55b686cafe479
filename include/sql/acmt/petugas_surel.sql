-- Mail addresses of one person, by unit. Few rows, and text may be padded.
SELECT unitup, email, aktif
FROM acmt.v_petugas
WHERE TRIM(username) = :username
ORDER BY unitup
