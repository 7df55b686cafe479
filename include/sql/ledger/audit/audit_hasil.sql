-- Outcomes: each belongs to a batch that holds its row, and is what its entry bound by digest (invariants 3 and 6).
WITH s AS (SELECT * FROM pengesahan.sesi WHERE id = :sesi_id),
h AS (SELECT idpel, kunci, status, kode, kodeposting,
             jsonb_build_array(idpel, status, kode, pesan, kodeposting, extract(epoch FROM pada)::text)::text AS baris
        FROM pengesahan.hasil WHERE sesi_id = :sesi_id),
e AS (SELECT id, jenis, isi, (isi ->> 'kunci')::uuid AS kunci FROM pengesahan.jejak
       WHERE sesi_id = :sesi_id AND jenis IN ('BATCH_DITERAPKAN', 'BARIS_DITOLAK', 'BERUBAH_DI_SUMBER')),
sebut AS (SELECT e.id, i.idpel FROM e, jsonb_each(e.isi -> 'baris') k, jsonb_array_elements_text(k.value) i (idpel)
           WHERE e.kunci IS NULL),
kini AS (SELECT kunci, count(*) AS jumlah,
                encode(sha256(convert_to(string_agg(baris, E'\n' ORDER BY idpel), 'UTF8')), 'hex') AS sidik
           FROM h WHERE kunci IS NOT NULL GROUP BY kunci),
kini_sebut AS (SELECT x.id, count(*) AS jumlah,
                      encode(sha256(convert_to(string_agg(h.baris, E'\n' ORDER BY h.idpel), 'UTF8')), 'hex') AS sidik
                 FROM sebut x JOIN h ON h.idpel = x.idpel AND h.kunci IS NULL GROUP BY x.id),
isi_batch AS (SELECT b.kunci, b.status, i.idpel FROM pengesahan.batch b, unnest(b.idpel) i (idpel) WHERE b.sesi_id = :sesi_id)
SELECT format('hasil batch %s: %s', coalesce(kini.kunci, e.kunci),
              CASE WHEN e.id IS NULL THEN format('%s baris tanpa jejak', kini.jumlah)
                   WHEN kini.kunci IS NULL THEN format('hilang dari buku (jejak nomor %s)', e.id)
                   ELSE format('berbeda dari sidik pada jejak nomor %s', e.id) END) AS apa
  FROM kini FULL JOIN (SELECT * FROM e WHERE kunci IS NOT NULL) e ON e.kunci = kini.kunci
 WHERE kini.sidik IS DISTINCT FROM e.isi ->> 'sidik_hasil'
UNION ALL
SELECT format('hasil baris yang berubah di ACMT berbeda dari sidik pada jejak nomor %s (%s)', e.id, e.jenis)
  FROM e LEFT JOIN kini_sebut k ON k.id = e.id
 WHERE e.kunci IS NULL AND k.sidik IS DISTINCT FROM e.isi ->> 'sidik_hasil'
UNION ALL
SELECT format('%s hasil tanpa batch dan tanpa jejak (%s)', count(*), array_to_string((array_agg(idpel ORDER BY idpel))[1:5], ', '))
  FROM h WHERE kunci IS NULL AND NOT EXISTS (SELECT 1 FROM sebut x WHERE x.idpel = h.idpel) HAVING count(*) > 0
UNION ALL
SELECT format('%s hasil menunjuk batch %s yang tidak memuatnya (%s)', count(*), h.kunci,
              array_to_string((array_agg(h.idpel ORDER BY h.idpel))[1:5], ', '))
  FROM h LEFT JOIN isi_batch b ON b.kunci = h.kunci AND b.idpel = h.idpel WHERE h.kunci IS NOT NULL AND b.kunci IS NULL
 GROUP BY h.kunci
UNION ALL
SELECT format('batch %s sudah diterapkan tetapi %s pelanggannya tanpa hasil dari batch itu (%s)', b.kunci, count(*),
              array_to_string((array_agg(b.idpel ORDER BY b.idpel))[1:5], ', '))
  FROM isi_batch b LEFT JOIN h ON h.idpel = b.idpel AND h.kunci = b.kunci
 WHERE b.status = 'DITERAPKAN' AND h.idpel IS NULL GROUP BY b.kunci
UNION ALL
SELECT format('batch %s berstatus %s tetapi %s pelanggannya tercatat terposting (%s)', b.kunci, b.status, count(*),
              array_to_string((array_agg(b.idpel ORDER BY b.idpel))[1:5], ', '))
  FROM isi_batch b JOIN h ON h.idpel = b.idpel AND h.kunci = b.kunci
 WHERE b.status <> 'DITERAPKAN' AND h.status <> 'DITOLAK' GROUP BY b.kunci, b.status
UNION ALL
SELECT format('%s hasil berstatus %s dengan kodeposting %s (%s)', count(*), status, coalesce(kodeposting::text, '-'),
              array_to_string((array_agg(idpel ORDER BY idpel))[1:5], ', '))
  FROM h
 WHERE (status IN ('POSTING', 'SUDAH_POSTING') AND kodeposting IS DISTINCT FROM 1)
    OR (status IN ('BATAL', 'BELUM_POSTING') AND kodeposting IS DISTINCT FROM 0)
 GROUP BY status, kodeposting
UNION ALL
SELECT format('%s hasil berstatus %s dalam sesi %s (%s)', count(*), h.status, s.jenis,
              array_to_string((array_agg(h.idpel ORDER BY h.idpel))[1:5], ', '))
  FROM s, h
 WHERE h.status = ANY (CASE s.jenis WHEN 'PENGESAHAN' THEN '{BATAL,BELUM_POSTING}'::text[]
                            ELSE '{POSTING,SUDAH_POSTING,BERUBAH}'::text[] END)
 GROUP BY h.status, s.jenis
UNION ALL
SELECT format('sesi SELESAI tetapi %s pelanggan yang disetujui tanpa hasil (%s)', count(*),
              array_to_string((array_agg(g.idpel ORDER BY g.idpel))[1:5], ', '))
  FROM s JOIN pengesahan.saringan g ON g.sesi_id = s.id AND g.sesi_id = :sesi_id AND g.hasil = 'LOLOS'
 WHERE s.jenis = 'PENGESAHAN' AND s.status = 'SELESAI' AND NOT EXISTS (SELECT 1 FROM h WHERE h.idpel = g.idpel)
   AND NOT EXISTS (SELECT 1 FROM pengesahan.persetujuan p
                    WHERE p.sesi_id = s.id AND p.sesi_id = :sesi_id AND g.idpel = ANY (p.kembalikan))
HAVING count(*) > 0
UNION ALL
SELECT format('posting selesai: buku %s hasil, jejak nomor %s menyebut %s', n.kini, n.id, n.dulu)
  FROM (SELECT j.id, (SELECT count(*) FROM h) AS kini,
               (SELECT coalesce(sum((r ->> 'jumlah')::bigint), 0) FROM jsonb_array_elements(j.isi -> 'hasil') r) AS dulu
          FROM pengesahan.jejak j WHERE j.sesi_id = :sesi_id AND j.jenis = 'POSTING_SELESAI' ORDER BY j.id DESC LIMIT 1) n
 WHERE n.kini <> n.dulu
