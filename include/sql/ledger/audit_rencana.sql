-- Until the transaction ends: no joins row by row. The planner does not know a fresh session's size (the tables may not
-- have been analysed since), and would compare each of its rows with all the others. Names are looked up in pg_catalog alone,
-- whatever the connection was given. And files may be read between two statements, for longer than a transaction that holds
-- locks may stand still.
SELECT set_config('enable_nestloop', 'off', true), set_config('search_path', 'pg_catalog, pg_temp', true),
       set_config('idle_in_transaction_session_timeout', '1h', true)
