SELECT * FROM pengesahan.sesi WHERE status IN ('BERJALAN', 'TERHENTI') ORDER BY id
