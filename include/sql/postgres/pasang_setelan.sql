-- Settings of a session (a JSON object), for as long as it lives.
SELECT pg_catalog.set_config(s.key, s.value, false) FROM pg_catalog.json_each_text(%(isi)s::pg_catalog.json) s
