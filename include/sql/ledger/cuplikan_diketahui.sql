-- Which of these idpel stand in the snapshot of this session.
SELECT idpel FROM pengesahan.bacaan WHERE sesi_id = :sesi_id AND idpel = ANY (:idpel)
