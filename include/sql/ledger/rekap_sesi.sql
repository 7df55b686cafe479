-- Every session of some units in a month as of a moment: what it changed in the sums, what it saw of ACMT and AP2T, what its
-- sieve counted, who answered. Reads no customer's row.
SELECT s.id, s.nomor, s.jenis, s.unitup, s.thblrek, s.hari_baca, s.putaran, s.pemicu, s.dibuka_pada,
       CASE WHEN s.diakhiri_pada <= :pada OR CAST(:pada AS timestamptz) = 'infinity' THEN s.status ELSE 'TERBUKA' END AS status,
       CASE WHEN s.diakhiri_pada <= :pada OR CAST(:pada AS timestamptz) = 'infinity' THEN s.tahap END AS tahap,
       CASE WHEN s.diakhiri_pada <= :pada THEN s.diakhiri_pada END AS diakhiri_pada,
       coalesce(n.sudah, 0) AS sudah, coalesce(n.suplai, 0) AS suplai, coalesce(n.batal, 0) AS batal,
       coalesce(n.luar, 0) AS luar, coalesce(n.kwh, 0) AS kwh,
       coalesce(j.dilihat, '{}') AS dilihat, p.oleh, p.disetujui_pada, p.keputusan, p.dikembalikan
  FROM pengesahan.sesi s
  LEFT JOIN LATERAL (SELECT sum(h.sudah) AS sudah, sum(h.suplai) AS suplai, sum(h.batal) AS batal, sum(h.luar) AS luar,
                            sum(h.kwh) AS kwh
                       FROM pengesahan.hitungan h WHERE h.sesi_id = s.id AND h.pada <= :pada) n ON true
  LEFT JOIN LATERAL (SELECT jsonb_object_agg(n.kunci, k.isi) AS dilihat
                       FROM (VALUES ('CUPLIKAN_DIAMBIL'), ('DISARING'), ('KESIAPAN STAN_TERISI'), ('KESIAPAN TERVERIFIKASI'),
                                    ('KESIAPAN TERKIRIM')) n (kunci)
                      CROSS JOIN LATERAL (
                          SELECT t.isi - 'kurang' || jsonb_build_object('pada', t.pada, 'jejak', t.id) AS isi FROM pengesahan.jejak t
                           WHERE t.sesi_id = s.id AND t.jenis IN ('CUPLIKAN_DIAMBIL', 'DISARING', 'KESIAPAN')
                             AND t.jenis || coalesce(' ' || (t.isi ->> 'tahap'), '') = n.kunci AND t.pada <= :pada
                           ORDER BY t.id DESC LIMIT 1) k) j ON true
  LEFT JOIN LATERAL (SELECT array_agg(a.oleh ORDER BY a.urutan) AS oleh, max(a.dicatat_pada) AS disetujui_pada,
                            (array_agg(a.keputusan ORDER BY a.urutan DESC))[1] AS keputusan,
                            (SELECT count(DISTINCT i) FROM pengesahan.persetujuan b, unnest(b.kembalikan) i
                              WHERE b.sesi_id = s.id AND b.dicatat_pada <= :pada) AS dikembalikan
                       FROM pengesahan.persetujuan a WHERE a.sesi_id = s.id AND a.dicatat_pada <= :pada) p ON true
 WHERE s.unitup = ANY (CAST(:unitup AS text[])) AND s.thblrek = :thblrek
   AND (CAST(:hari_baca AS text) IS NULL OR s.hari_baca = :hari_baca) AND s.dibuka_pada <= :pada
 ORDER BY s.unitup, s.hari_baca, s.id
