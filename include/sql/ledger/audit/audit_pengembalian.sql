-- Customers sent back: as their answers named them, told to ACMT as the entries say, and none posted (invariants 2 and 6).
-- Answers from before this was kept have no reasons in their entry and no rows here. After the first one that has them, all do.
WITH jawab AS (
    SELECT DISTINCT ON (b.key) b.key AS idpel, (j.isi ->> 'urutan')::integer AS urutan, j.pelaku AS oleh, b.value AS alasan, j.id
      FROM pengesahan.jejak j, jsonb_each_text(j.isi -> 'alasan_kembalikan') b
     WHERE j.sesi_id = :sesi_id AND j.jenis = 'DIJAWAB' ORDER BY b.key, (j.isi ->> 'urutan')::integer
), tanpa AS (
    SELECT j.id, i.idpel
      FROM pengesahan.jejak j
      LEFT JOIN pengesahan.persetujuan a ON a.sesi_id = j.sesi_id AND a.urutan = (j.isi ->> 'urutan')::integer
     CROSS JOIN LATERAL (SELECT jsonb_array_elements_text(j.isi -> 'kembalikan') UNION SELECT unnest(a.kembalikan)) i (idpel)
     WHERE j.sesi_id = :sesi_id AND j.jenis = 'DIJAWAB' AND NOT coalesce(j.isi -> 'alasan_kembalikan' ? i.idpel, false)
       AND (j.isi ? 'alasan_kembalikan'
            OR EXISTS (SELECT 1 FROM pengesahan.jejak d
                        WHERE d.jenis = 'DIJAWAB' AND d.id < j.id AND d.isi ? 'alasan_kembalikan'))
), p AS (SELECT * FROM pengesahan.pengembalian WHERE sesi_id = :sesi_id),
ses AS (  -- read by these numbers, else every session's rows are
    SELECT id, nomor FROM pengesahan.sesi
     WHERE unitup = (SELECT unitup FROM pengesahan.sesi WHERE id = :sesi_id)
       AND thblrek = (SELECT thblrek FROM pengesahan.sesi WHERE id = :sesi_id)
),
kirim AS (
    SELECT isi ->> 'idpel' AS idpel, count(*) AS kali, max(id) AS id,
           (array_agg(isi ->> 'dikirim_pada' ORDER BY id DESC))[1]::timestamptz AS pada
      FROM pengesahan.jejak WHERE sesi_id = :sesi_id AND jenis = 'PENGEMBALIAN_DIKIRIM' GROUP BY 1
), beres AS (
    SELECT isi ->> 'idpel' AS idpel, count(*) AS kali, min(id) AS id, (array_agg(isi ORDER BY id))[1] AS isi
      FROM pengesahan.jejak WHERE sesi_id = :sesi_id AND jenis = 'PENGEMBALIAN_SELESAI' GROUP BY 1
)
SELECT format('pengembalian pelanggan %s: %s', coalesce(p.idpel, jawab.idpel),
              CASE WHEN jawab.idpel IS NULL THEN 'tidak ada jawaban yang menyebutnya'
                   WHEN p.idpel IS NULL THEN format('hilang dari buku (jejak nomor %s)', jawab.id)
                   ELSE format('berbeda dari jawaban pada jejak nomor %s', jawab.id) END) AS apa
  FROM p FULL JOIN jawab ON jawab.idpel = p.idpel
 WHERE (p.urutan::integer, p.oleh, p.alasan) IS DISTINCT FROM (jawab.urutan, jawab.oleh, jawab.alasan)
UNION ALL
SELECT format('jejak nomor %s mengembalikan pelanggan %s tanpa alasan', id, idpel) FROM tanpa
UNION ALL
SELECT format('pengembalian pelanggan %s berstatus %s (%s panggilan), menurut jejak %s (%s panggilan)', p.idpel, p.status, p.kali,
              coalesce(beres.isi ->> 'status', CASE WHEN kirim.id IS NULL THEN 'MENUNGGU' ELSE 'DIKIRIM' END), coalesce(kirim.kali, 0))
  FROM p LEFT JOIN kirim ON kirim.idpel = p.idpel LEFT JOIN beres ON beres.idpel = p.idpel
 WHERE (p.status, p.cara, p.kali::bigint, p.dikirim_pada, p.selesai_pada) IS DISTINCT FROM
       (coalesce(beres.isi ->> 'status', CASE WHEN kirim.id IS NULL THEN 'MENUNGGU' ELSE 'DIKIRIM' END), beres.isi ->> 'cara',
        coalesce(kirim.kali, 0), kirim.pada, (beres.isi ->> 'selesai_pada')::timestamptz)
UNION ALL
SELECT format('jejak memuat pengembalian pelanggan %s yang tidak ada dalam buku', k.idpel)
  FROM (SELECT idpel FROM kirim UNION SELECT idpel FROM beres) k WHERE NOT EXISTS (SELECT 1 FROM p WHERE p.idpel = k.idpel)
UNION ALL
SELECT format('pengembalian pelanggan %s selesai dua kali, atau dipanggil lagi sesudah selesai (jejak nomor %s)', beres.idpel, beres.id)
  FROM beres LEFT JOIN kirim ON kirim.idpel = beres.idpel WHERE beres.kali > 1 OR kirim.id > beres.id
UNION ALL
SELECT format('%s pelanggan yang dikembalikan pengesah diposting pada sesi yang sama (%s)', count(*),
              array_to_string((array_agg(h.idpel ORDER BY h.idpel))[1:5], ', '))
  FROM p JOIN pengesahan.hasil h ON h.sesi_id = p.sesi_id AND h.sesi_id = :sesi_id AND h.idpel = p.idpel HAVING count(*) > 0
UNION ALL
SELECT format('%s pelanggan diposting dengan verifikasi atau pengiriman dari sebelum dikembalikan pada sesi %s (%s)', count(*),
              l.nomor, array_to_string((array_agg(h.idpel ORDER BY h.idpel))[1:5], ', '))
  FROM pengesahan.sesi s JOIN ses l ON l.id <> s.id
  JOIN pengesahan.persetujuan a ON a.sesi_id = l.id AND a.sesi_id = ANY (ARRAY(SELECT id FROM ses)) AND a.kembalikan <> '{}'
       -- answered before this session was opened, in the order of the trail
       AND (SELECT min(j.id) FROM pengesahan.jejak j
             WHERE j.sesi_id = l.id AND j.jenis = 'DIJAWAB' AND j.isi ->> 'urutan' = a.urutan::text)
           < (SELECT min(j.id) FROM pengesahan.jejak j WHERE j.sesi_id = s.id AND j.jenis = 'SESI_DIBUKA')
 CROSS JOIN LATERAL unnest(a.kembalikan) i (idpel)
  JOIN pengesahan.hasil h ON h.sesi_id = s.id AND h.idpel = i.idpel AND h.status IN ('POSTING', 'SUDAH_POSTING')
  JOIN pengesahan.bacaan b ON b.sesi_id = s.id AND b.idpel = i.idpel
  JOIN pengesahan.bacaan d ON d.sesi_id = l.id AND d.sesi_id = ANY (ARRAY(SELECT id FROM ses)) AND d.idpel = i.idpel
 WHERE s.id = :sesi_id
   AND ((b.verif_pengawas_oleh, b.verif_pengawas_pada) IS NOT DISTINCT FROM (d.verif_pengawas_oleh, d.verif_pengawas_pada)
        OR (b.verif_vendor_oleh, b.verif_vendor_pada) IS NOT DISTINCT FROM (d.verif_vendor_oleh, d.verif_vendor_pada)
        OR (b.kirim_oleh, b.kirim_pada) IS NOT DISTINCT FROM (d.kirim_oleh, d.kirim_pada))
 GROUP BY l.nomor
