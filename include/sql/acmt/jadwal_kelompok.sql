-- Every month in which the calendar names one kelompok, oldest first (a dozen rows a year).
SELECT thblrek, tgl_mulai
FROM acmt.v_jadwal_hari_baca
WHERE unitup = :unitup
    AND hari_baca = :hari_baca
ORDER BY tgl_mulai, thblrek
