SELECT count(*) FROM pengesahan.arsip a JOIN pengesahan.sesi s ON s.id = a.sesi_id
 WHERE s.unitup = :unitup AND s.thblrek = :thblrek
