-- Arrivals against their entries and against the answers that were taken up from them: an answer nobody gave has none.
WITH s AS (SELECT * FROM pengesahan.sesi WHERE id = :sesi_id),
j AS (SELECT id, jenis, pelaku, isi FROM pengesahan.jejak
       WHERE sesi_id = :sesi_id AND jenis IN ('JAWABAN_TIBA', 'JAWABAN_TIDAK_DITERIMA', 'DIJAWAB')),
t AS (SELECT * FROM pengesahan.jawaban_tiba WHERE sesi_id = :sesi_id),
p AS (SELECT * FROM pengesahan.persetujuan WHERE sesi_id = :sesi_id),
jt AS (SELECT id, pelaku, isi, (isi ->> 'tiba')::bigint AS tiba FROM j WHERE jenis = 'JAWABAN_TIBA'),
tolak AS (SELECT min(id) AS id, (isi ->> 'tiba')::bigint AS tiba FROM j WHERE jenis = 'JAWABAN_TIDAK_DITERIMA' GROUP BY 2)
SELECT format('jawaban tiba nomor %s (%s): %s', coalesce(t.id, jt.tiba), coalesce(t.oleh, jt.pelaku),
              CASE WHEN jt.id IS NULL THEN 'tidak ada jejak JAWABAN_TIBA'
                   WHEN t.id IS NULL THEN format('hilang dari buku (jejak nomor %s)', jt.id)
                   ELSE format('berbeda dari jejak nomor %s', jt.id) END) AS apa
  FROM t FULL JOIN jt ON jt.tiba = t.id
 WHERE t.id IS NULL OR jt.id IS NULL OR jt.pelaku <> CASE t.oleh WHEN '' THEN 'sistem' ELSE t.oleh END
    OR jt.isi ->> 'sidik_isian' IS DISTINCT FROM encode(sha256(convert_to(t.isian, 'UTF8')), 'hex')
    OR ((jt.isi ->> 'dijawab_pada')::timestamptz, (jt.isi ->> 'tiba_pada')::timestamptz)
       IS DISTINCT FROM (t.dijawab_pada, t.tiba_pada)
    OR EXISTS (SELECT 1 FROM jsonb_each(to_jsonb(t) - '{id,sesi_id,oleh,isian,dijawab_pada,tiba_pada}'::text[]) c
                WHERE c.value IS DISTINCT FROM jt.isi -> c.key)
UNION ALL
SELECT format('jawaban ke-%s (%s) tidak punya jawaban yang tiba', p.urutan, p.oleh)
  FROM p JOIN pengesahan.gerbang g ON g.sesi_id = p.sesi_id AND g.sesi_id = :sesi_id AND g.urutan = p.urutan
 WHERE p.tiba IS NULL AND g.mencatat_tiba
UNION ALL
SELECT format('jawaban ke-%s (%s) berbeda dari jawaban tiba nomor %s (%s)', p.urutan, p.oleh, p.tiba, coalesce(t.oleh, 'sesi lain'))
  FROM p LEFT JOIN t ON t.id = p.tiba, s
 WHERE p.tiba IS NOT NULL
   AND ((t.urutan, t.oleh, t.sidik, t.dijawab_pada) IS DISTINCT FROM (p.urutan, p.oleh, p.sidik, p.dijawab_pada)
        OR t.pilihan <> ARRAY[CASE p.keputusan WHEN 'SETUJU' THEN 'Sah/Setuju' ELSE 'Tolak' END] OR t.tiba_pada > p.dicatat_pada)
UNION ALL
SELECT format('jawaban ke-%s (%s) diambil dari jawaban tiba nomor %s, yang sudah ditolak (jejak nomor %s)', p.urutan, p.oleh,
              p.tiba, tolak.id)
  FROM p JOIN tolak ON tolak.tiba = p.tiba
UNION ALL
SELECT format('jawaban tiba nomor %s (%s) tidak pernah dinilai, padahal sesi berakhir %s', t.id, t.oleh, s.status)
  FROM t, s
 WHERE s.status NOT IN ('BERJALAN', 'TERHENTI')
   AND NOT EXISTS (SELECT 1 FROM p WHERE p.urutan = t.urutan) AND NOT EXISTS (SELECT 1 FROM tolak WHERE tolak.tiba = t.id)
