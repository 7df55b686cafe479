-- A customer's reading as the last snapshot that holds it has it, with the session's number.
SELECT s.nomor, b.*
  FROM pengesahan.sesi s JOIN pengesahan.bacaan b ON b.sesi_id = s.id AND b.idpel = :idpel
 WHERE s.jenis = 'PENGESAHAN' AND s.unitup = :unitup AND s.thblrek = :thblrek AND s.hari_baca = :hari_baca
 ORDER BY s.id DESC LIMIT 1
