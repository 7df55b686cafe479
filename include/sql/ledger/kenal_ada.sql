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
