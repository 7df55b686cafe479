-- Every day of one unit's calendar. A range for the index, TRIM for the blanks of CHAR.
SELECT unitup, thblrek, tgl_mulai
FROM acmt.v_jadwal_hari_baca
WHERE unitup BETWEEN :unitup AND :unitup_atas
    AND TRIM(unitup) = :unitup
