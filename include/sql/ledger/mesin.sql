-- The database itself: its version, its schema, its roles, its locks, and how its planner is to walk.

-- name: versi_server
SELECT current_setting('server_version_num')::integer

-- name: revisi_skema
SELECT version_num FROM pengesahan.versi_skema ORDER BY version_num

-- name: peran_hanya_baca
-- Does a role open its transactions read-only by itself?
SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_roles r
                LEFT JOIN pg_catalog.pg_db_role_setting s ON s.setrole = r.oid
                WHERE r.rolname = :peran AND 'default_transaction_read_only=on' = ANY (s.setconfig))

-- name: kunci_coba
-- Be the only one at something, on whatever machine; lets go when it says so, or when its connection ends.
SELECT pg_try_advisory_lock(hashtextextended(:nama, 0))

-- name: kunci_lepas
SELECT pg_advisory_unlock(hashtextextended(:nama, 0))

-- name: kirim_rencana
-- Until the transaction ends, walk the keys in order. The planner does not know a fresh session's size (the tables may
-- not have been analysed since), and would else read and sort all of it for every page.
SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
       set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
       set_config('enable_seqscan', 'off', true), set_config('enable_material', 'off', true)
