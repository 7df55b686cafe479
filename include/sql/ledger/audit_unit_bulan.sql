-- Units and months of some sessions.
SELECT DISTINCT unitup, thblrek FROM pengesahan.sesi WHERE id = ANY (:sesi) ORDER BY unitup, thblrek
