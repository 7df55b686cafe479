-- Whether there is what somebody typed.

-- name: kenal_ada
-- Whether the ledger has a session, and whether its schedule has a line, of some units (null: any), a month (null: any) and a
-- kelompok (null: any).
SELECT EXISTS (SELECT 1 FROM pengesahan.sesi s
                WHERE (CAST(:unitup AS text[]) IS NULL OR s.unitup = ANY (CAST(:unitup AS text[])))
                  AND (CAST(:thblrek AS text) IS NULL OR s.thblrek = :thblrek)
                  AND (CAST(:hari_baca AS text) IS NULL OR s.hari_baca = :hari_baca)) AS bersesi,
       EXISTS (SELECT 1 FROM pengesahan.jadwal j
                WHERE (CAST(:unitup AS text[]) IS NULL OR j.unitup = ANY (CAST(:unitup AS text[])))
                  AND (CAST(:thblrek AS text) IS NULL OR j.thblrek = :thblrek)
                  AND (CAST(:hari_baca AS text) IS NULL OR j.hari_baca = :hari_baca)) AS terjadwal

-- name: kenal_kode
-- Whether a row of some units was ever refused, or left out as changed, with a code.
SELECT EXISTS (SELECT 1 FROM pengesahan.hasil h JOIN pengesahan.sesi s ON s.id = h.sesi_id
                WHERE s.unitup = ANY (CAST(:unitup AS text[])) AND h.status IN ('DITOLAK', 'BERUBAH') AND h.kode = :kode) AS ada

-- name: kenal_daftar
-- Months and kelompok in which the ledger has sessions of some units (null: any), the newest months.
SELECT (SELECT array_agg(b.thblrek ORDER BY b.thblrek DESC)
          FROM (SELECT DISTINCT s.thblrek FROM pengesahan.sesi s
                 WHERE CAST(:unitup AS text[]) IS NULL OR s.unitup = ANY (CAST(:unitup AS text[]))
                 ORDER BY s.thblrek DESC LIMIT 12) b) AS bulan,
       (SELECT array_agg(DISTINCT s.hari_baca ORDER BY s.hari_baca) FROM pengesahan.sesi s
         WHERE CAST(:unitup AS text[]) IS NULL OR s.unitup = ANY (CAST(:unitup AS text[]))) AS kelompok
