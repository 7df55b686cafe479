-- How many customers each kelompok of one unit has in a billing month.
SELECT unitup, hari_baca, COUNT(*) AS jumlah
FROM acmt.v_bacaan
WHERE unitup = :unitup
    AND thblrek = :thblrek
GROUP BY unitup, hari_baca
