-- How many readings a kelompok has, and how many of them are found by their key as it stands: blanks in it hide the others.
SELECT
    COUNT(*) AS semua,
    SUM(CASE WHEN unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca THEN 1 ELSE 0 END) AS terbaca
FROM acmt.v_bacaan
WHERE unitup BETWEEN :unitup AND :unitup_atas
    AND TRIM(unitup) = :unitup
    AND TRIM(thblrek) = :thblrek
    AND TRIM(hari_baca) = :hari_baca
