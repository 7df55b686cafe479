-- Which of these customers these sessions tell something of.
SELECT idpel FROM pengesahan.hasil WHERE sesi_id = ANY (CAST(:sesi AS bigint[])) AND idpel = ANY (CAST(:idpel AS text[]))
UNION
SELECT idpel FROM pengesahan.luar_sistem WHERE sesi_id = ANY (CAST(:sesi AS bigint[])) AND idpel = ANY (CAST(:idpel AS text[]))
