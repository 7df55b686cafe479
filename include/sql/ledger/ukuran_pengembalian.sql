-- Customers sent back whom ACMT has not been told of for good.
SELECT count(*) AS jumlah FROM pengesahan.pengembalian WHERE status IN ('MENUNGGU', 'DIKIRIM')
