-- The reading calendar of one unit and billing month. A range for the index, TRIM for the blanks of CHAR.
SELECT unitup, thblrek, hari_baca, tgl_mulai, jumlah_hari
FROM acmt.v_jadwal_hari_baca
WHERE unitup BETWEEN :unitup AND :unitup_atas
    AND TRIM(unitup) = :unitup
    AND TRIM(thblrek) = :thblrek
