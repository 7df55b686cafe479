-- The reading calendar of one unit and billing month.
SELECT hari_baca, tgl_mulai, jumlah_hari
FROM acmt.v_jadwal_hari_baca
WHERE unitup = :unitup
    AND thblrek = :thblrek
ORDER BY tgl_mulai, hari_baca
