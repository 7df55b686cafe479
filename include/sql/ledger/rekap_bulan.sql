-- The newest month in which the ledger knows one of these units.
SELECT max(thblrek) FROM pengesahan.sesi WHERE unitup = ANY (CAST(:unitup AS text[])) AND dibuka_pada <= :pada
