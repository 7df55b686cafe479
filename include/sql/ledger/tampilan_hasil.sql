-- What came of a session's rows so far.
SELECT status, count(*) AS jumlah FROM pengesahan.hasil WHERE sesi_id = :sesi_id GROUP BY status ORDER BY status
