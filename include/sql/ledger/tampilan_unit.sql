-- Units the ledger knows, as their last session names them.
SELECT DISTINCT ON (s.unitup) s.unitup, s.nama_unit, s.zona_waktu FROM pengesahan.sesi s ORDER BY s.unitup, s.id DESC
