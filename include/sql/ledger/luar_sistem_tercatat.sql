SELECT idpel FROM pengesahan.luar_sistem
 WHERE sesi_id = :sesi_id AND tahap = 'REKONSILIASI' AND kejadian = :kejadian
