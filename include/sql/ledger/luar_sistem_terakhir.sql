-- What this session's comparisons said last of each row that others changed.
SELECT DISTINCT ON (idpel) idpel, kodeposting, no_pengesahan
  FROM pengesahan.luar_sistem WHERE sesi_id = :sesi_id AND tahap = 'REKONSILIASI'
 ORDER BY idpel, id DESC
