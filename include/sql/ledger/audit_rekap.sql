-- Does the session's digest speak of what it holds now? A snapshot or sieve after the last rekap took that back, unless a
-- gate has shown it: from then on nothing does.
SELECT EXISTS (SELECT 1 FROM pengesahan.gerbang WHERE sesi_id = :sesi_id)
    OR coalesce(max(id) FILTER (WHERE jenis = 'REKAP')
                > max(id) FILTER (WHERE jenis IN ('CUPLIKAN_DIAMBIL', 'DISARING')), true)
  FROM pengesahan.jejak WHERE sesi_id = :sesi_id
