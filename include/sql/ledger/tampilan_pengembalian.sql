-- Customers a session's answers sent back: whose, why, and whether ACMT was told.
SELECT urutan, idpel, alasan, status FROM pengesahan.pengembalian WHERE sesi_id = :sesi_id ORDER BY urutan, idpel
