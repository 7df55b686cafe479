-- Every month in which the calendar names one kelompok (a dozen rows a year).
SELECT unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari
FROM acmt.v_jadwal_hari_baca
WHERE unitup BETWEEN :unitup AND :unitup_atas
    AND TRIM(unitup) = :unitup
    AND TRIM(hari_baca) = :hari_baca
