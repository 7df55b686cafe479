-- Customers that a kelompok holds more than once, blanks around the number aside: the contract's key is (idpel, thblrek).
SELECT COALESCE(TRIM(idpel), '') AS idpel, COUNT(*) AS jumlah
FROM acmt.v_bacaan
WHERE unitup = :unitup
    AND thblrek = :thblrek
    AND hari_baca = :hari_baca
GROUP BY COALESCE(TRIM(idpel), '')
HAVING COUNT(*) > 1
