SELECT status, count(*) AS jumlah FROM pengesahan.pengembalian WHERE sesi_id = :sesi_id GROUP BY status
