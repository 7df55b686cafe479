-- Months and kelompok in which the ledger has sessions of some units (null: any), the newest months.
SELECT (SELECT array_agg(b.thblrek ORDER BY b.thblrek DESC)
          FROM (SELECT DISTINCT s.thblrek FROM pengesahan.sesi s
                 WHERE CAST(:unitup AS text[]) IS NULL OR s.unitup = ANY (CAST(:unitup AS text[]))
                 ORDER BY s.thblrek DESC LIMIT 12) b) AS bulan,
       (SELECT array_agg(DISTINCT s.hari_baca ORDER BY s.hari_baca) FROM pengesahan.sesi s
         WHERE CAST(:unitup AS text[]) IS NULL OR s.unitup = ANY (CAST(:unitup AS text[]))) AS kelompok
