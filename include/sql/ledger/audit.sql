-- What the audit asks before and between its rules. Each rule is a file of its own in audit/.

-- name: audit_transaksi
-- One state for the whole audit, and no writing whatever the role may.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY

-- name: audit_rencana
-- Until the transaction ends: no joins row by row. The planner does not know a fresh session's size (the tables may not
-- have been analysed since), and would compare each of its rows with all the others. So a plan serves one session as well as
-- the next, and is made once. Names are looked up in pg_catalog alone, whatever the connection was given. And files may be
-- read between two statements, for longer than a transaction that holds locks may stand still.
SELECT set_config('enable_nestloop', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true),
       set_config('search_path', 'pg_catalog, pg_temp', true), set_config('idle_in_transaction_session_timeout', '1h', true)

-- name: audit_lingkup
-- Sessions that are audited: those an entry of the period speaks of, and the others of their units' months, since some rules
-- compare them.
WITH bulan AS (
    SELECT DISTINCT s.unitup, s.thblrek
      FROM (SELECT DISTINCT j.sesi_id FROM pengesahan.jejak j
             WHERE j.id > :jejak_awal AND (CAST(:jejak_akhir AS bigint) IS NULL OR j.id <= :jejak_akhir)) e
      JOIN pengesahan.sesi s ON s.id = e.sesi_id
)
SELECT s.id FROM pengesahan.sesi s
 WHERE (CAST(:unitup AS text) IS NULL OR s.unitup = :unitup)
   AND (CAST(:semua AS boolean) OR (s.unitup, s.thblrek) IN (SELECT unitup, thblrek FROM bulan))
 ORDER BY s.id

-- name: audit_unit_bulan
-- Units and months of some sessions.
SELECT DISTINCT unitup, thblrek FROM pengesahan.sesi WHERE id = ANY (:sesi) ORDER BY unitup, thblrek

-- name: audit_jejak_lingkup
-- The first and the last entry that speak of some sessions, and whether one of these is still open: then it may go on to the end.
SELECT coalesce(min(j.id), 1) AS pertama, coalesce(max(j.id), 0) AS terakhir,
       EXISTS (SELECT 1 FROM pengesahan.sesi s
                WHERE s.id = ANY (CAST(:sesi AS bigint[])) AND s.status IN ('BERJALAN', 'TERHENTI')) AS terbuka
  FROM pengesahan.jejak j WHERE j.sesi_id = ANY (CAST(:sesi AS bigint[]))

-- name: audit_jejak_unit
-- The entries of a unit's sessions, raw as they are hashed, in order.
SELECT id, extract(epoch FROM pada)::text AS waktu, sesi_id, jenis, pelaku, isi::text AS isi,
       encode(sebelum, 'hex') AS sebelum, encode(sidik, 'hex') AS sidik
  FROM pengesahan.jejak WHERE sesi_id = ANY (ARRAY(SELECT s.id FROM pengesahan.sesi s WHERE s.unitup = :unitup))
 ORDER BY id

-- name: audit_jejak_sesi
-- A session's first and last entry.
SELECT coalesce(min(id), 1) AS pertama, coalesce(max(id), 0) AS terakhir FROM pengesahan.jejak WHERE sesi_id = :sesi_id

-- name: audit_jejak_konfigurasi
-- The entries that brought the configuration's versions, raw as they are hashed, in order.
SELECT id, extract(epoch FROM pada)::text AS waktu, sesi_id, jenis, pelaku, isi::text AS isi,
       encode(sebelum, 'hex') AS sebelum, encode(sidik, 'hex') AS sidik
  FROM pengesahan.jejak WHERE jenis = 'KONFIGURASI_DITERAPKAN' ORDER BY id

-- name: audit_segel
-- Every entry that tells of a seal, and every entry a seal speaks of, raw as they are hashed.
SELECT id, extract(epoch FROM pada)::text AS waktu, sesi_id, jenis, pelaku, isi::text AS isi,
       encode(sebelum, 'hex') AS sebelum, encode(sidik, 'hex') AS sidik
  FROM pengesahan.jejak WHERE jenis = 'SEGEL_DIBUAT' OR id = ANY (CAST(:nomor AS bigint[])) ORDER BY id

-- name: audit_rekap
-- Does the session's digest speak of what it holds now? A snapshot or sieve after the last rekap took that back, unless a
-- gate has shown it: from then on nothing does.
SELECT EXISTS (SELECT 1 FROM pengesahan.gerbang WHERE sesi_id = :sesi_id)
    OR coalesce(max(id) FILTER (WHERE jenis = 'REKAP')
                > max(id) FILTER (WHERE jenis IN ('CUPLIKAN_DIAMBIL', 'DISARING')), true)
  FROM pengesahan.jejak WHERE sesi_id = :sesi_id

-- name: audit_disaring
-- The entry of the trail up to which the last sieve of a session's snapshot knew the earlier months. There is no row where a
-- newer snapshot took it back, or there was none.
SELECT (d.isi #>> '{rantai,kepala}')::bigint
  FROM (SELECT id, isi FROM pengesahan.jejak WHERE sesi_id = :sesi_id AND jenis = 'DISARING' ORDER BY id DESC LIMIT 1) d
 WHERE d.id > (SELECT max(id) FROM pengesahan.jejak WHERE sesi_id = :sesi_id AND jenis = 'CUPLIKAN_DIAMBIL')

-- name: audit_isian
-- What answers say, beside the form's fields as they arrived (JSON).
SELECT p.urutan, p.oleh, p.catatan, p.kembalikan, t.isian
  FROM pengesahan.persetujuan p JOIN pengesahan.jawaban_tiba t ON t.id = p.tiba
 WHERE p.sesi_id = :sesi_id AND t.id = ANY (ARRAY(SELECT tiba FROM pengesahan.persetujuan WHERE sesi_id = :sesi_id))
 ORDER BY p.urutan
