-- Months in which the ledger knows each unit.
SELECT DISTINCT unitup, thblrek FROM pengesahan.sesi
