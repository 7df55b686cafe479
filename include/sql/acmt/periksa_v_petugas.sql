-- Contract probe of v_petugas: every column is there and readable; no row is fetched.
SELECT username, nama, email, peran, unitup, aktif
FROM acmt.v_petugas
WHERE 1 = 0
