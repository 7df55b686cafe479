-- How many customers each kelompok of every unit has in a billing month.
SELECT unitup, hari_baca, COUNT(*) AS jumlah
FROM acmt.v_bacaan
WHERE thblrek = :thblrek
GROUP BY unitup, hari_baca
