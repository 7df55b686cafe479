-- How many rows others changed in AP2T, found while this session was reconciled.
SELECT count(*) FILTER (WHERE kejadian = 'DIPOSTING') AS diposting,
       count(*) FILTER (WHERE kejadian = 'DIBATALKAN') AS dibatalkan
  FROM pengesahan.luar_sistem WHERE sesi_id = :sesi_id AND tahap = 'REKONSILIASI'
