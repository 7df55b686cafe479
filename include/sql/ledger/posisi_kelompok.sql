-- Customers of a kelompok that stand at posting 1 or 3 by our own record.
SELECT idpel, kodeposting, nomor FROM pengesahan.posisi
 WHERE unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca AND kodeposting IN (1, 3)
