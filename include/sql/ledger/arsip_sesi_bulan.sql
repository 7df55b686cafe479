SELECT s.id FROM pengesahan.sesi s WHERE s.unitup = :unitup AND s.thblrek = :thblrek ORDER BY s.id
