-- Batches against their entries. Each comes after the approval, by the last approver, with rows that may go (invariants 1, 2, 4).
WITH s AS (SELECT * FROM pengesahan.sesi WHERE id = :sesi_id),
j AS (SELECT id, jenis, pelaku, isi FROM pengesahan.jejak WHERE sesi_id = :sesi_id),
b AS (SELECT * FROM pengesahan.batch WHERE sesi_id = :sesi_id),
kirim AS (SELECT id, pelaku, isi, isi ->> 'kunci' AS kunci FROM j WHERE jenis = 'BATCH_DIKIRIM'),
beres AS (SELECT id, isi, isi ->> 'kunci' AS kunci,
                 CASE jenis WHEN 'BATCH_DITERAPKAN' THEN 'DITERAPKAN' ELSE 'BATAL' END AS status
            FROM j WHERE jenis IN ('BATCH_DITERAPKAN', 'BATCH_BATAL')),
setuju AS (SELECT count(*) AS jumlah, (array_agg(oleh ORDER BY urutan DESC))[1] AS terakhir
             FROM pengesahan.persetujuan
            WHERE sesi_id = :sesi_id AND keputusan = 'SETUJU' AND urutan <= (SELECT pengesah FROM s)
              AND sidik = (SELECT sidik FROM s)),
kembali AS (SELECT DISTINCT i AS idpel FROM pengesahan.persetujuan p, unnest(p.kembalikan) i WHERE p.sesi_id = :sesi_id),
baris AS (SELECT b.kunci, b.status, i.idpel FROM b, unnest(b.idpel) i (idpel))
SELECT format('batch %s: %s', coalesce(b.kunci::text, kirim.kunci),
              CASE WHEN kirim.id IS NULL THEN 'tidak ada jejak BATCH_DIKIRIM'
                   WHEN b.kunci IS NULL THEN format('hilang dari buku (jejak nomor %s)', kirim.id)
                   ELSE format('berbeda dari jejak nomor %s', kirim.id) END) AS apa
  FROM b FULL JOIN kirim ON kirim.kunci = b.kunci::text
 WHERE b.kunci IS NULL OR kirim.id IS NULL OR b.oleh <> kirim.pelaku
    OR (b.epoch::text, cardinality(b.idpel)::text, b.sidik_isi,
        encode(sha256(convert_to(array_to_string(b.idpel, ','), 'UTF8')), 'hex'))
       IS DISTINCT FROM (kirim.isi ->> 'epoch', kirim.isi ->> 'jumlah', kirim.isi ->> 'sidik_isi', kirim.isi ->> 'sidik_idpel')
    OR (kirim.isi ->> 'dikirim_pada')::timestamptz IS DISTINCT FROM b.dikirim_pada
UNION ALL
SELECT format('batch %s: status %s, menurut jejak %s', b.kunci, b.status, coalesce(beres.status || ' nomor ' || beres.id, 'DIKIRIM'))
  FROM b LEFT JOIN beres ON beres.kunci = b.kunci::text WHERE b.status <> coalesce(beres.status, 'DIKIRIM')
UNION ALL
SELECT format('batch %s: keterangan atau saat selesai berbeda dari jejak nomor %s', b.kunci, beres.id)
  FROM b JOIN beres ON beres.kunci = b.kunci::text
 WHERE b.status = beres.status
   AND (b.keterangan IS DISTINCT FROM beres.isi ->> 'keterangan'
        OR (beres.isi ->> 'selesai_pada')::timestamptz IS DISTINCT FROM b.selesai_pada)
UNION ALL
SELECT format('batch %s selesai dua kali (jejak nomor %s)', kunci, string_agg(id::text, ' dan ' ORDER BY id))
  FROM beres GROUP BY kunci HAVING count(*) > 1
UNION ALL
SELECT format('batch %s selesai (jejak nomor %s) tanpa pernah dikirim', kunci, id)
  FROM beres WHERE NOT EXISTS (SELECT 1 FROM kirim WHERE kirim.kunci = beres.kunci AND kirim.id < beres.id)
UNION ALL
SELECT format('batch %s masih dalam perjalanan padahal sesi sudah %s', b.kunci, s.status)
  FROM b, s WHERE b.status = 'DIKIRIM' AND s.status NOT IN ('BERJALAN', 'TERHENTI')
UNION ALL
SELECT format('%s batch tanpa persetujuan lengkap (%s dari %s pengesah)', (SELECT count(*) FROM b), setuju.jumlah, s.pengesah)
  FROM s, setuju WHERE setuju.jumlah <> s.pengesah AND EXISTS (SELECT 1 FROM b)
UNION ALL
SELECT format('batch %s dikirim oleh %s, pengesah terakhir %s', b.kunci, b.oleh, coalesce(setuju.terakhir, '-'))
  FROM b, setuju WHERE b.oleh IS DISTINCT FROM setuju.terakhir
UNION ALL
SELECT format('batch %s (jejak nomor %s) dikirim sebelum persetujuan (jejak nomor %s)', kirim.kunci, kirim.id, d.id)
  FROM kirim, (SELECT max(id) AS id FROM j WHERE jenis = 'DIJAWAB') d WHERE kirim.id < d.id
UNION ALL
SELECT format('batch %s ber-epoch %s (jejak nomor %s), yang berlaku %s', kirim.kunci, kirim.isi ->> 'epoch', kirim.id,
              coalesce(m.epoch, '1'))
  FROM kirim
  LEFT JOIN LATERAL (SELECT isi ->> 'epoch' AS epoch FROM j
                      WHERE j.jenis IN ('POSTING_MULAI', 'SESI_DIAMBIL_ALIH_MULAI') AND j.id < kirim.id
                      ORDER BY j.id DESC LIMIT 1) m ON true
 WHERE kirim.isi ->> 'epoch' <> coalesce(m.epoch, '1')
UNION ALL
SELECT format('batch %s memuat %s pelanggan yang tidak lolos saringan (%s)', r.kunci, count(*),
              array_to_string((array_agg(r.idpel ORDER BY r.idpel))[1:5], ', '))
  FROM s, baris r LEFT JOIN pengesahan.saringan g ON g.sesi_id = :sesi_id AND g.idpel = r.idpel
 WHERE s.jenis = 'PENGESAHAN' AND g.hasil IS DISTINCT FROM 'LOLOS' GROUP BY r.kunci
UNION ALL
SELECT format('batch %s memuat %s pelanggan yang dikembalikan pengesah (%s)', r.kunci, count(*),
              array_to_string((array_agg(r.idpel ORDER BY r.idpel))[1:5], ', '))
  FROM baris r JOIN kembali k ON k.idpel = r.idpel GROUP BY r.kunci
UNION ALL
SELECT format('pelanggan %s ada dalam lebih dari satu batch yang diterapkan', idpel)
  FROM baris WHERE status = 'DITERAPKAN' GROUP BY idpel HAVING count(*) > 1
