-- A session's row against what its entries say it was opened with, how far it came and how it ended.
WITH s AS (SELECT * FROM pengesahan.sesi WHERE id = :sesi_id),
j AS (SELECT id, jenis, pelaku, isi FROM pengesahan.jejak WHERE sesi_id = :sesi_id),
buka AS (
    SELECT id, pelaku,
           CASE WHEN jsonb_typeof(isi -> 'pola') = 'object' THEN isi - 'pola' || (isi -> 'pola') ELSE isi END AS isi
      FROM j WHERE jenis = 'SESI_DIBUKA'
), akhir AS (
    SELECT id, isi FROM j
     WHERE jenis IN ('SESI_DITUTUP', 'SESI_DIAMBIL_ALIH', 'SESI_KEDALUWARSA')
        OR (jenis = 'DIJAWAB' AND isi ->> 'keputusan' = 'TOLAK')
     ORDER BY id LIMIT 1
), keadaan AS (
    SELECT id, CASE jenis WHEN 'SESI_DIBUKA' THEN 'BERJALAN'
                          WHEN 'SESI_DILANJUTKAN' THEN 'BERJALAN'
                          WHEN 'SESI_TERHENTI' THEN 'TERHENTI'
                          WHEN 'SESI_DIAMBIL_ALIH_MULAI' THEN 'TERHENTI'
                          WHEN 'SESI_DIAMBIL_ALIH' THEN 'DIAMBIL_ALIH'
                          WHEN 'SESI_KEDALUWARSA' THEN 'KEDALUWARSA'
                          WHEN 'SESI_DITUTUP' THEN isi ->> 'status'
                          WHEN 'DIJAWAB' THEN CASE WHEN isi ->> 'keputusan' = 'TOLAK' THEN 'DITOLAK' END END AS status
      FROM j
), tahap AS (
    SELECT j.id, CASE j.jenis WHEN 'SESI_DIBUKA' THEN 'DIBUKA'
                            WHEN 'CUPLIKAN_DIAMBIL' THEN 'CUPLIKAN'
                            WHEN 'DISARING' THEN 'TERSARING'
                            WHEN 'GERBANG_DIBUKA' THEN 'MENUNGGU_PERSETUJUAN'
                            WHEN 'DIJAWAB' THEN CASE WHEN isi ->> 'keputusan' = 'SETUJU'
                                                      AND (isi ->> 'urutan')::integer >= s.pengesah THEN 'DISETUJUI' END
                            WHEN 'POSTING_MULAI' THEN 'MEMPOSTING'
                            WHEN 'POSTING_SELESAI' THEN 'TERPOSTING'
                            WHEN 'REKONSILIASI' THEN CASE WHEN (isi ->> 'jumlah_beda')::integer = 0 THEN 'COCOK' END
                            END AS tahap
      FROM j, s
), kini AS (
    SELECT (SELECT status FROM keadaan WHERE status IS NOT NULL ORDER BY id DESC LIMIT 1) AS status,
           (SELECT tahap FROM tahap WHERE tahap IS NOT NULL ORDER BY id DESC LIMIT 1) AS tahap,
           coalesce((SELECT (isi ->> 'epoch')::integer FROM j
                      WHERE jenis IN ('POSTING_MULAI', 'SESI_DIAMBIL_ALIH_MULAI') ORDER BY id DESC LIMIT 1), 1) AS epoch
), rekap AS (SELECT id, isi FROM j WHERE jenis = 'REKAP' ORDER BY id DESC LIMIT 1)
SELECT format('sesi punya %s jejak SESI_DIBUKA, seharusnya 1', (SELECT count(*) FROM buka)) AS apa
 WHERE (SELECT count(*) FROM buka) <> 1
UNION ALL
SELECT format('%s sesi: buku %s, jejak nomor %s %s', c.key, coalesce(c.value #>> '{}', '-'), buka.id,
              coalesce(e.value #>> '{}', '-'))
  FROM buka, s, jsonb_each(buka.isi) e JOIN jsonb_each(to_jsonb(s)) c ON c.key = e.key
 WHERE c.value #>> '{}' IS DISTINCT FROM e.value #>> '{}'
   AND NOT CASE WHEN jsonb_typeof(c.value) = 'number' AND pg_input_is_valid(e.value #>> '{}', 'numeric')
                THEN (c.value #>> '{}')::numeric = (e.value #>> '{}')::numeric
                WHEN c.key LIKE '%\_pada' AND pg_input_is_valid(e.value #>> '{}', 'timestamptz')
                THEN (c.value #>> '{}')::timestamptz = (e.value #>> '{}')::timestamptz
                ELSE c.value = e.value END
UNION ALL
SELECT format('pemicu sesi: buku %s, jejak nomor %s %s', coalesce(s.pemicu, 'sistem'), buka.id, buka.pelaku)
  FROM buka, s WHERE buka.pelaku <> coalesce(s.pemicu, 'sistem')
UNION ALL
SELECT format('status sesi: buku %s, menurut jejak %s', s.status, coalesce(kini.status, '-'))
  FROM s, kini WHERE s.status IS DISTINCT FROM kini.status
UNION ALL
SELECT format('tahap sesi: buku %s, menurut jejak %s', s.tahap, coalesce(kini.tahap, '-'))
  FROM s, kini WHERE s.tahap IS DISTINCT FROM kini.tahap
UNION ALL
SELECT format('epoch sesi: buku %s, menurut jejak %s', s.epoch, kini.epoch) FROM s, kini WHERE s.epoch <> kini.epoch
UNION ALL
SELECT format('keterangan sesi: buku %s, jejak nomor %s %s', coalesce(left(s.keterangan, 40), '-'), akhir.id,
              coalesce(left(akhir.isi ->> 'keterangan', 40), '-'))
  FROM s, akhir WHERE s.keterangan IS DISTINCT FROM akhir.isi ->> 'keterangan'
UNION ALL
SELECT format('keterangan sesi: buku %s, jejak nomor %s %s', coalesce(left(s.keterangan, 40), '-'), t.id,
              coalesce(left(t.sebab, 40), '-'))
  FROM s, (SELECT id, jenis, isi ->> 'sebab' AS sebab FROM j
            WHERE jenis IN ('SESI_DIBUKA', 'SESI_DILANJUTKAN', 'SESI_TERHENTI', 'SESI_DIAMBIL_ALIH_MULAI')
            ORDER BY id DESC LIMIT 1) t
 WHERE s.status IN ('BERJALAN', 'TERHENTI') AND t.jenis <> 'SESI_DIAMBIL_ALIH_MULAI' AND s.keterangan IS DISTINCT FROM t.sebab
UNION ALL
SELECT format('saat berakhir: buku %s, jejak nomor %s %s', s.diakhiri_pada, akhir.id, akhir.isi ->> 'diakhiri_pada')
  FROM s, akhir WHERE s.diakhiri_pada IS DISTINCT FROM (akhir.isi ->> 'diakhiri_pada')::timestamptz
UNION ALL
SELECT format('sidik sesi: buku %s, jejak nomor %s %s', coalesce(left(s.sidik, 12), '-'), rekap.id,
              coalesce(left(rekap.isi ->> 'sidik', 12), '-'))
  FROM s LEFT JOIN rekap ON true WHERE s.sidik IS DISTINCT FROM rekap.isi ->> 'sidik'
UNION ALL
SELECT format('rekap sesi berbeda dari jejak nomor %s', rekap.id)
  FROM s, rekap WHERE s.rekap IS DISTINCT FROM rekap.isi -> 'rekap'
UNION ALL
SELECT format('jejak nomor %s (%s) sesudah sesi berakhir (jejak nomor %s)', j.id, j.jenis, akhir.id) FROM j, akhir
 WHERE j.id > akhir.id
   AND j.jenis IN ('SESI_DILANJUTKAN', 'CUPLIKAN_DIAMBIL', 'DISARING', 'REKAP', 'GERBANG_DIBUKA', 'DIJAWAB',
                   'POSTING_MULAI', 'BATCH_DIKIRIM', 'BATCH_DITERAPKAN', 'BATCH_BATAL', 'POSTING_SELESAI', 'SESI_DITUTUP',
                   'SESI_DIAMBIL_ALIH', 'SESI_KEDALUWARSA')
UNION ALL
SELECT format('epoch tidak naik pada jejak nomor %s (%s sesudah %s)', e.id, e.epoch, e.tadi)
  FROM (SELECT id, (isi ->> 'epoch')::integer AS epoch, lag((isi ->> 'epoch')::integer, 1, 1) OVER (ORDER BY id) AS tadi
          FROM j WHERE jenis IN ('POSTING_MULAI', 'SESI_DIAMBIL_ALIH_MULAI')) e
 WHERE e.epoch <= e.tadi
UNION ALL
SELECT format('cuplikan berisi %s pelanggan, jejak nomor %s menyebut %s', b.jumlah, c.id, c.isi ->> 'jumlah')
  FROM (SELECT (SELECT count(*) FROM pengesahan.bacaan WHERE sesi_id = :sesi_id)
               + (SELECT count(*) FROM pengesahan.pembatalan_baris WHERE sesi_id = :sesi_id)
               + coalesce((SELECT baris FROM pengesahan.arsip WHERE sesi_id = :sesi_id), 0) AS jumlah) b,
       (SELECT id, isi FROM j WHERE jenis = 'CUPLIKAN_DIAMBIL' ORDER BY id DESC LIMIT 1) c
 WHERE b.jumlah::text <> c.isi ->> 'jumlah'
