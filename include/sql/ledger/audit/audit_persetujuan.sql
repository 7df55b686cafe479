-- Gates and answers against their entries, and who may have answered (invariant 1, SOP 12.1, rule 1).
-- The clocks of worker and ledger may differ by minutes where a delegation begins or ends. Which configuration was in force tells
-- the order of the trail. One that was replaced while the answer was on its way still counts for minutes.
WITH s AS (SELECT * FROM pengesahan.sesi WHERE id = :sesi_id),
j AS (SELECT id, jenis, pelaku, isi FROM pengesahan.jejak
       WHERE sesi_id = :sesi_id AND jenis IN ('GERBANG_DIBUKA', 'DIJAWAB')),
g AS (SELECT * FROM pengesahan.gerbang WHERE sesi_id = :sesi_id),
p AS (SELECT *, lower(btrim(oleh, E' \t\r\n')) AS orang FROM pengesahan.persetujuan WHERE sesi_id = :sesi_id),
terap AS (SELECT isi ->> 'versi' AS versi, min(id) AS jejak, min(pada) AS pada FROM pengesahan.jejak
           WHERE jenis = 'KONFIGURASI_DITERAPKAN' GROUP BY 1),
-- what the configuration lent in this unit, and from when to when: a date without an offset is the unit's local time
delegasi AS (SELECT k.versi, d ->> 'kepada' AS kepada, d ->> 'oleh' AS oleh, t.jejak, n.jejak AS diganti, n.pada AS diganti_pada,
                    CASE WHEN d ->> 'dari' ~ '([+-][0-9:]+|Z)$' AND d ->> 'dari' ~ 'T' THEN (d ->> 'dari')::timestamptz
                         ELSE (d ->> 'dari')::timestamp AT TIME ZONE s.zona_waktu END AS dari,
                    CASE WHEN d ->> 'sampai' ~ '([+-][0-9:]+|Z)$' AND d ->> 'sampai' ~ 'T' THEN (d ->> 'sampai')::timestamptz
                         ELSE (d ->> 'sampai')::timestamp AT TIME ZONE s.zona_waktu END AS sampai
               FROM s CROSS JOIN pengesahan.konfigurasi k
              CROSS JOIN LATERAL jsonb_array_elements(k.isi #> ARRAY['unit', s.unitup, 'delegasi']) d
               LEFT JOIN terap t ON t.versi = k.versi::text
               LEFT JOIN terap n ON n.versi = (k.versi + 1)::text
              WHERE EXISTS (SELECT 1 FROM p WHERE p.petugas ->> 'konfigurasi' = k.versi::text)),
jg AS (SELECT id, isi, (isi ->> 'urutan')::integer AS urutan FROM j WHERE jenis = 'GERBANG_DIBUKA'),
jp AS (SELECT id, pelaku, isi, (isi ->> 'urutan')::integer AS urutan FROM j WHERE jenis = 'DIJAWAB')
SELECT format('gerbang ke-%s: %s', coalesce(g.urutan, jg.urutan),
              CASE WHEN jg.id IS NULL THEN 'tidak ada jejak GERBANG_DIBUKA'
                   WHEN g.urutan IS NULL THEN format('hilang dari buku (jejak nomor %s)', jg.id)
                   ELSE format('berbeda dari jejak nomor %s', jg.id) END) AS apa
  FROM g FULL JOIN jg ON jg.urutan = g.urutan
 WHERE g.urutan IS NULL OR jg.id IS NULL OR (jg.isi ->> 'dibuka_pada')::timestamptz IS DISTINCT FROM g.dibuka_pada
    OR EXISTS (SELECT 1 FROM jsonb_each(jg.isi) e
                WHERE e.key <> 'dibuka_pada' AND e.value IS DISTINCT FROM to_jsonb(g) -> e.key)
UNION ALL
SELECT format('jawaban ke-%s%s: %s', coalesce(p.urutan, jp.urutan), ' (' || coalesce(p.oleh, jp.pelaku) || ')',
              CASE WHEN jp.id IS NULL THEN 'tidak ada jejak DIJAWAB'
                   WHEN p.urutan IS NULL THEN format('hilang dari buku (jejak nomor %s)', jp.id)
                   ELSE format('berbeda dari jejak nomor %s', jp.id) END)
  FROM p FULL JOIN jp ON jp.urutan = p.urutan
 WHERE p.urutan IS NULL OR jp.id IS NULL OR p.oleh <> jp.pelaku
    OR ((jp.isi ->> 'dijawab_pada')::timestamptz, (jp.isi ->> 'dicatat_pada')::timestamptz)
       IS DISTINCT FROM (p.dijawab_pada, p.dicatat_pada)
    OR EXISTS (SELECT 1 FROM jsonb_each(to_jsonb(p) - '{sesi_id,oleh,orang,dijawab_pada,dicatat_pada}'::text[]) c
                WHERE (jp.isi ? c.key OR c.key IN ('urutan', 'keputusan', 'catatan', 'kembalikan', 'sidik', 'petugas'))
                  AND c.value IS DISTINCT FROM jp.isi -> c.key)
UNION ALL
SELECT format('gerbang ke-%s menunjukkan sidik %s, sidik sesi %s', g.urutan, left(g.sidik, 12), coalesce(left(s.sidik, 12), '-'))
  FROM g, s WHERE g.sidik IS DISTINCT FROM s.sidik
UNION ALL
SELECT format('jawaban ke-%s untuk sidik %s, sidik sesi %s', p.urutan, left(p.sidik, 12), coalesce(left(s.sidik, 12), '-'))
  FROM p, s WHERE p.sidik IS DISTINCT FROM s.sidik
UNION ALL
SELECT format('%s menjawab gerbang ke-%s padahal tidak ditanya', p.oleh, p.urutan)
  FROM p WHERE NOT EXISTS (SELECT 1 FROM g WHERE g.urutan = p.urutan AND p.oleh = ANY (g.orang))
UNION ALL
SELECT format('pengesah kedua %s juga pengesah pertama', d.oleh)
  FROM p d JOIN p e ON e.urutan < d.urutan AND e.orang = d.orang
UNION ALL
SELECT format('pengesah kedua %s juga yang memulai run', p.oleh)
  FROM p, s WHERE p.urutan = 2 AND p.orang = lower(btrim(s.pemicu, E' \t\r\n'))
UNION ALL
SELECT format('%s menjawab tanpa wewenang: catatannya bukan ADMIN_CMT aktif unit %s dan bukan delegasi yang berlaku', p.oleh, s.unitup)
  FROM s, p LEFT JOIN (SELECT urutan, min(id) AS jejak FROM jp GROUP BY urutan) dj ON dj.urutan = p.urutan
 WHERE NOT coalesce(p.petugas ->> 'username' = p.oleh AND p.petugas ->> 'peran' = 'ADMIN_CMT' AND p.petugas ->> 'unitup' = s.unitup
                    AND CASE WHEN p.petugas ? 'delegasi'
                             THEN EXISTS (SELECT 1 FROM delegasi d
                                           WHERE d.versi::text = p.petugas ->> 'konfigurasi' AND d.kepada = p.oleh
                                             AND d.oleh = p.petugas #>> '{delegasi,oleh}'
                                             AND d.jejak < dj.jejak AND coalesce(d.diganti > dj.jejak OR p.dicatat_pada < d.diganti_pada
                                                                                 + interval '5 minutes', true)
                                             AND p.dicatat_pada >= d.dari - interval '5 minutes'
                                             AND p.dicatat_pada < d.sampai + interval '5 minutes')
                             ELSE (p.petugas ->> 'aktif')::boolean END, false)
UNION ALL
SELECT format('%s mengesahkan bacaan yang dibaca, diverifikasi atau dikirimnya sendiri (%s pelanggan)', p.oleh, count(*))
  FROM p JOIN pengesahan.bacaan b ON b.sesi_id = :sesi_id
         AND p.orang IN (lower(btrim(b.petugas_baca, E' \t\r\n')), lower(btrim(b.verif_pengawas_oleh, E' \t\r\n')),
                         lower(btrim(b.verif_vendor_oleh, E' \t\r\n')), lower(btrim(b.kirim_oleh, E' \t\r\n')))
 GROUP BY p.oleh
UNION ALL
SELECT format('%s mengesahkan tanpa melihat lebih dahulu yang wajib dilihat (%s pelanggan)', p.oleh, count(*))
  FROM p JOIN pengesahan.harus_dilihat w ON w.sesi_id = :sesi_id
  LEFT JOIN pengesahan.dilihat d ON d.sesi_id = :sesi_id AND d.oleh = p.oleh AND d.idpel = w.idpel AND d.pada <= p.dicatat_pada
 WHERE p.keputusan = 'SETUJU' AND d.idpel IS NULL
 GROUP BY p.oleh
UNION ALL
SELECT format('gerbang ke-%s dijawab sebelum dibuka (jejak nomor %s dan %s)', jp.urutan, jp.id, jg.id)
  FROM jp JOIN jg ON jg.urutan = jp.urutan AND jg.id > jp.id
