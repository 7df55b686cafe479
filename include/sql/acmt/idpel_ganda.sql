-- Customers that a kelompok holds more than once: the contract's key is (idpel, thblrek).
SELECT idpel
FROM acmt.v_bacaan
WHERE unitup = :unitup
    AND thblrek = :thblrek
    AND hari_baca = :hari_baca
GROUP BY idpel
HAVING COUNT(*) > 1
ORDER BY idpel
