-- Everybody whom some unit names as ADMIN_CMT, active or not.
SELECT DISTINCT username
FROM acmt.v_petugas
WHERE TRIM(peran) = 'ADMIN_CMT'
