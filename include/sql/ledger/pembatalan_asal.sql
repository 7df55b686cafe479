-- What our approvals of this kelompok posted, customer by customer, with the number that AP2T was given.
SELECT h.idpel, s.nomor, s.id
  FROM pengesahan.sesi s
  JOIN pengesahan.hasil h ON h.sesi_id = s.id AND h.status IN ('POSTING', 'SUDAH_POSTING')
 WHERE s.jenis = 'PENGESAHAN' AND s.unitup = :unitup AND s.thblrek = :thblrek AND s.hari_baca = :hari_baca
