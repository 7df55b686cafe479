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
