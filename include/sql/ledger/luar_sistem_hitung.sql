-- How many rows others changed in AP2T, as the last comparison of this session that found one of them changed says; and how
-- many of this session's own cancelled rows they approved again.
SELECT count(*) FILTER (WHERE l.kejadian = 'DIPOSTING') AS diposting,
       count(*) FILTER (WHERE l.kejadian = 'DIBATALKAN') AS dibatalkan,
       count(*) FILTER (WHERE l.kejadian = 'DIPOSTING' AND h.status = 'BATAL') AS batal_diposting
  FROM (SELECT DISTINCT ON (idpel) idpel, kejadian
          FROM pengesahan.luar_sistem WHERE sesi_id = :sesi_id AND tahap = 'REKONSILIASI'
         ORDER BY idpel, id DESC) l
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = :sesi_id AND h.idpel = l.idpel
