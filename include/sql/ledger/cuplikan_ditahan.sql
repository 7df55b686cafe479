-- How many of these idpel the session's sieve holds.
SELECT count(*) FROM pengesahan.saringan WHERE sesi_id = :sesi_id AND hasil = 'DITAHAN' AND idpel = ANY (:idpel)
