-- Who cancelled rows of this session's approval, row by row.
SELECT r.idpel, p.oleh
  FROM pengesahan.pembatalan_baris r JOIN pengesahan.persetujuan p ON p.sesi_id = r.sesi_id
 WHERE r.asal = :sesi_id AND r.hasil = 'BOLEH'
