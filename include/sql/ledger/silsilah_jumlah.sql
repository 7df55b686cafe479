-- How much a session took in and how much of it stands in AP2T by its doing: rows of the snapshot, rows posted, rows cancelled.
SELECT (SELECT count(*) FROM pengesahan.bacaan WHERE sesi_id = :sesi_id) AS cuplikan,
       (SELECT count(*) FROM pengesahan.hasil WHERE sesi_id = :sesi_id AND status = 'POSTING') AS diposting,
       (SELECT count(*) FROM pengesahan.hasil WHERE sesi_id = :sesi_id AND status = 'BATAL') AS dibatalkan
