-- Every day of every unit's calendar.
SELECT unitup, thblrek, tgl_mulai
FROM acmt.v_jadwal_hari_baca
