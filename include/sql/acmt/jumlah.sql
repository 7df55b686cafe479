-- How many readings a kelompok has.
SELECT COUNT(*) AS jumlah
FROM acmt.v_bacaan
WHERE unitup = :unitup
    AND thblrek = :thblrek
    AND hari_baca = :hari_baca
