-- What holds in this session of the settings named, in their order; null where there is no such setting.
SELECT pg_catalog.current_setting(s.value, true)
  FROM pg_catalog.json_array_elements_text(%(nama)s::pg_catalog.json) WITH ORDINALITY s ORDER BY s.ordinality
