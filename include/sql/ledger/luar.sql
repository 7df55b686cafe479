-- What others did in AP2T, against what the ledger knows.

-- name: posisi_kelompok
-- Customers of a kelompok that stand at posting 1 or 3 by our own record: the last thing known of each, in the order of sessions
-- and steps. Read from the tables alone: what is compared with AP2T must not hang on a view that could have been exchanged.
SELECT idpel, kodeposting, nomor
  FROM (SELECT DISTINCT ON (idpel) idpel, kodeposting, nomor
          FROM (SELECT h.idpel COLLATE "C" AS idpel, h.kodeposting, s.nomor, s.id AS sesi_id, 2 AS langkah,
                       0::bigint AS urut
                  FROM pengesahan.sesi s JOIN pengesahan.hasil h ON h.sesi_id = s.id
                 WHERE s.unitup = :unitup AND s.thblrek = :thblrek AND s.hari_baca = :hari_baca
                   AND h.status IN ('POSTING', 'SUDAH_POSTING', 'BATAL', 'BELUM_POSTING')
                UNION ALL
                SELECT l.idpel COLLATE "C", l.kodeposting, l.no_pengesahan, s.id,
                       CASE l.tahap WHEN 'CUPLIKAN' THEN 0 ELSE 3 END, l.id
                  FROM pengesahan.sesi s JOIN pengesahan.luar_sistem l ON l.sesi_id = s.id
                 WHERE s.unitup = :unitup AND s.thblrek = :thblrek AND s.hari_baca = :hari_baca) k
         ORDER BY idpel, sesi_id DESC, langkah DESC, urut DESC) p
 WHERE kodeposting IN (1, 3)

-- name: luar_sistem_terakhir
-- What this session's comparisons said last of each row that others changed.
SELECT DISTINCT ON (idpel) idpel, kodeposting, no_pengesahan
  FROM pengesahan.luar_sistem WHERE sesi_id = :sesi_id AND tahap = 'REKONSILIASI' ORDER BY idpel, id DESC

-- name: luar_sistem_catat
-- What was found, all at one instant; what the session's last look at this stage found just so is not written again.
-- Returns what is new.
WITH baru AS (
INSERT INTO pengesahan.luar_sistem (sesi_id, idpel, kejadian, tahap, kodeposting, no_pengesahan, oleh, waktu)
SELECT :sesi_id, b.idpel, b.kejadian, :tahap, b.kodeposting, b.no_pengesahan, b.oleh, b.waktu
  FROM json_to_recordset(CAST(:baris AS json))
       AS b (idpel text, kejadian text, kodeposting smallint, no_pengesahan text, oleh text, waktu text)
  LEFT JOIN LATERAL (SELECT l.kejadian, l.kodeposting, l.no_pengesahan FROM pengesahan.luar_sistem l
                      WHERE l.sesi_id = :sesi_id AND l.idpel = b.idpel AND l.tahap = :tahap
                      ORDER BY l.id DESC LIMIT 1) t ON true
 WHERE (t.kejadian, t.kodeposting, t.no_pengesahan) IS DISTINCT FROM (b.kejadian, b.kodeposting, b.no_pengesahan)
RETURNING idpel, kejadian, kodeposting, no_pengesahan, oleh, waktu, ditemukan_pada
)
SELECT jsonb_build_array(idpel, kejadian, kodeposting, no_pengesahan, oleh, waktu,
                         extract(epoch FROM ditemukan_pada)::text) FROM baru ORDER BY idpel, kejadian

-- name: luar_sistem_hitung
-- How many rows others changed in AP2T, as the last comparison of this session that found one of them changed says; and how
-- many of this session's own cancelled rows they approved again.
SELECT count(*) FILTER (WHERE l.kejadian = 'DIPOSTING') AS diposting,
       count(*) FILTER (WHERE l.kejadian = 'DIBATALKAN') AS dibatalkan,
       count(*) FILTER (WHERE l.kejadian = 'DIPOSTING' AND h.status = 'BATAL') AS batal_diposting
  FROM (SELECT DISTINCT ON (idpel) idpel, kejadian
          FROM pengesahan.luar_sistem WHERE sesi_id = :sesi_id AND tahap = 'REKONSILIASI' ORDER BY idpel, id DESC) l
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = :sesi_id AND h.idpel = l.idpel
