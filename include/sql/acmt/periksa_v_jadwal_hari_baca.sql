-- Contract probe of v_jadwal_hari_baca: every column is there and readable; no row is fetched.
SELECT unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari
FROM acmt.v_jadwal_hari_baca
WHERE 1 = 0
