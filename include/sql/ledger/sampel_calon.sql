-- Customers the lot may fall on: those that are to be approved.
SELECT idpel FROM pengesahan.saringan WHERE sesi_id = :sesi_id AND hasil = 'LOLOS'
