-- The reading calendar of every unit from a billing month on, as it stands there.
SELECT unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari
FROM acmt.v_jadwal_hari_baca
WHERE thblrek >= :thblrek
