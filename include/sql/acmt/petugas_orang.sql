-- Units in which a person is ADMIN_CMT. Few rows, and text may be padded.
SELECT DISTINCT unitup
FROM acmt.v_petugas
WHERE TRIM(peran) = 'ADMIN_CMT' AND TRIM(username) = :username
ORDER BY unitup
