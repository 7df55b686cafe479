-- The mark that this client left in its session; another one, or none, where something between hands sessions round.
SELECT pg_catalog.current_setting('ap2t.tanda', true)
