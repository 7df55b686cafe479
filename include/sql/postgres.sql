-- What a session of PostgreSQL is given, and what is looked at whether it holds.

-- name: pasang_setelan
-- Settings of a session (a JSON object), for as long as it lives.
SELECT pg_catalog.set_config(s.key, s.value, false) FROM pg_catalog.json_each_text(%(isi)s::pg_catalog.json) s

-- name: lihat_setelan
-- What holds in this session of the settings named, in their order; null where there is no such setting.
SELECT pg_catalog.current_setting(s.value, true)
  FROM pg_catalog.json_array_elements_text(%(nama)s::pg_catalog.json) WITH ORDINALITY s ORDER BY s.ordinality

-- name: lihat_tanda
-- The mark that this client left in its session; another one, or none, where something between hands sessions round.
SELECT pg_catalog.current_setting('ap2t.tanda', true)

-- name: lihat_proses
-- The server process that serves this session.
SELECT pg_catalog.pg_backend_pid()
