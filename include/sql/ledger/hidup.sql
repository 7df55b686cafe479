-- Does the ledger answer, and has it a schema?
SELECT 1 FROM pengesahan.sesi LIMIT 1
