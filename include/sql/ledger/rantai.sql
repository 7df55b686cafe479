-- The chain of stans: what was last posted of each customer, as a session knew it.

-- name: rantai_sesi
-- The sessions of a unit's earlier months in which something of a customer's place in AP2T was learnt up to an entry of the
-- trail; "penuh": all they ever learnt, up to that entry.
SELECT s.id, s.thblrek, s.hari_baca, bool_and(j.id <= :kepala) AS penuh
  FROM pengesahan.jejak j JOIN pengesahan.sesi s ON s.id = j.sesi_id AND s.unitup = :unitup
 WHERE j.sesi_id = ANY (ARRAY(SELECT id FROM pengesahan.sesi
                               WHERE unitup = :unitup AND thblrek >= :bulan_dari AND thblrek < :bulan_sebelum))
   AND j.jenis IN ('BATCH_DITERAPKAN', 'DILUAR_SISTEM')
 GROUP BY s.id, s.thblrek, s.hari_baca HAVING bool_or(j.id <= :kepala) ORDER BY s.thblrek DESC, s.id DESC

-- name: rantai_terakhir
-- What was last posted of each of these customers in these sessions: the newest month in which it stands at 1 or 3, and the
-- reading that this system posted there: none where others did ("kita" false), or where it has left the ledger.
-- Facts go by identity, not by clock: sessions of a kelompok follow each other by number; of what one session tells of a
-- customer, what its snapshot found in AP2T comes before its own outcome, and what its reconciliation found behind it.
WITH fakta AS (
    SELECT h.idpel COLLATE "C" AS idpel, h.sesi_id, ARRAY[h.sesi_id, 1, 0] AS urut, h.kodeposting,
           h.status IN ('POSTING', 'SUDAH_POSTING') AS kita, h.status IN ('BATAL', 'BELUM_POSTING') AS lepas
      FROM pengesahan.hasil h
     WHERE h.sesi_id = ANY (CAST(:sesi AS bigint[])) AND h.idpel = ANY (CAST(:idpel AS text[]))
       AND (h.status IN ('POSTING', 'SUDAH_POSTING', 'BATAL', 'BELUM_POSTING')
            OR (h.status = 'DITOLAK' AND h.kodeposting = 3))
    UNION ALL
    SELECT l.idpel COLLATE "C", l.sesi_id, ARRAY[l.sesi_id, CASE l.tahap WHEN 'CUPLIKAN' THEN 0 ELSE 2 END, l.id],
           l.kodeposting, false, true
      FROM pengesahan.luar_sistem l
     WHERE l.sesi_id = ANY (CAST(:sesi AS bigint[])) AND l.idpel = ANY (CAST(:idpel AS text[]))
), bulanan AS (
    SELECT f.idpel, s.thblrek, max(f.urut) FILTER (WHERE f.kita) AS kita, max(f.urut) FILTER (WHERE f.lepas) AS lepas,
           (array_agg(f.kodeposting ORDER BY f.urut DESC))[1] AS kodeposting
      FROM fakta f JOIN pengesahan.sesi s ON s.id = f.sesi_id AND s.id = ANY (CAST(:sesi AS bigint[]))
     GROUP BY f.idpel, s.thblrek
), terakhir AS (
    SELECT DISTINCT ON (idpel) idpel, thblrek, CASE WHEN lepas IS NULL OR kita > lepas THEN kita[1] END AS asal
      FROM bulanan WHERE kodeposting > 0 ORDER BY idpel, thblrek DESC
)
SELECT t.idpel, t.thblrek AS bulan, b.sahlwbp AS lwbp, b.sahwbp AS wbp, b.fkmkwh AS fkm, t.asal IS NOT NULL AS kita, b.idpel IS NOT NULL AS ada
  FROM terakhir t
  LEFT JOIN pengesahan.bacaan b ON b.sesi_id = t.asal AND b.idpel = t.idpel
        AND b.sesi_id = ANY (CAST(:sesi AS bigint[])) AND b.idpel = ANY (CAST(:idpel AS text[]))

-- name: rantai_tersentuh
-- Which of these customers these sessions tell something of.
SELECT idpel FROM pengesahan.hasil WHERE sesi_id = ANY (CAST(:sesi AS bigint[])) AND idpel = ANY (CAST(:idpel AS text[]))
UNION
SELECT idpel FROM pengesahan.luar_sistem WHERE sesi_id = ANY (CAST(:sesi AS bigint[])) AND idpel = ANY (CAST(:idpel AS text[]))
