-- Rows of one unit and month that were posted twice without a cancellation between (invariant 3). Customers may be moved from one
-- kelompok to another, so the order is that of the trail's entries, in which the facts of all sessions stand.
WITH ses AS (SELECT id, nomor FROM pengesahan.sesi WHERE unitup = :unitup AND thblrek = :thblrek),
terap AS (
    SELECT sesi_id, isi ->> 'kunci' AS kunci, min(id) AS jejak FROM pengesahan.jejak
     WHERE sesi_id = ANY (ARRAY(SELECT id FROM ses)) AND jenis = 'BATCH_DITERAPKAN' GROUP BY 1, 2
), sebut AS (
    SELECT j.sesi_id, j.isi ->> 'tahap' AS tahap, b.value ->> 0 AS idpel, b.value ->> 6 AS pada, min(j.id) AS jejak
      FROM pengesahan.jejak j, jsonb_array_elements(j.isi -> 'baris') b
     WHERE j.sesi_id = ANY (ARRAY(SELECT id FROM ses)) AND j.jenis = 'DILUAR_SISTEM' GROUP BY 1, 2, 3, 4
), kejadian AS (
    SELECT h.idpel, s.nomor, h.status = 'POSTING' AS posting, t.jejak, h.sesi_id, 0::bigint AS urut
      FROM pengesahan.hasil h JOIN ses s ON s.id = h.sesi_id
      LEFT JOIN terap t ON t.sesi_id = h.sesi_id AND t.kunci = h.kunci::text
     WHERE h.sesi_id = ANY (ARRAY(SELECT id FROM ses)) AND h.status IN ('POSTING', 'BATAL', 'BELUM_POSTING')
    UNION ALL
    SELECT l.idpel, s.nomor, false, e.jejak, l.sesi_id, l.id
      FROM pengesahan.luar_sistem l JOIN ses s ON s.id = l.sesi_id
      LEFT JOIN sebut e ON (e.sesi_id, e.tahap, e.idpel, e.pada)
                           = (l.sesi_id, l.tahap, l.idpel, extract(epoch FROM l.ditemukan_pada)::text)
     WHERE l.sesi_id = ANY (ARRAY(SELECT id FROM ses)) AND l.kejadian = 'DIBATALKAN'
), urut AS (
    SELECT idpel, nomor, posting, lag(posting) OVER w AS tadi, lag(nomor) OVER w AS nomor_tadi
      FROM kejadian WINDOW w AS (PARTITION BY idpel ORDER BY jejak NULLS FIRST, sesi_id, urut)
)
SELECT nomor, format('%s pelanggan diposting lagi sesudah sesi %s tanpa pembatalan di antaranya (%s)', count(*), nomor_tadi,
                     array_to_string((array_agg(idpel ORDER BY idpel))[1:5], ', ')) AS apa
  FROM urut WHERE posting AND tadi GROUP BY nomor, nomor_tadi ORDER BY nomor, nomor_tadi
