INSERT INTO acmt_dasar.jadwal_hari_baca (unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari)
VALUES (%(unitup)s, %(thblrek)s, %(hari_baca)s, %(tgl_mulai)s, %(jumlah_hari)s)
ON CONFLICT (unitup, hari_baca, thblrek) DO UPDATE
SET tgl_mulai = excluded.tgl_mulai,
    jumlah_hari = excluded.jumlah_hari
