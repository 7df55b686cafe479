-- Kelompok and months that hold readings. One index probe for each row of the calendar, not a scan.
SELECT j.unitup, j.hari_baca, j.thblrek
FROM acmt_dasar.jadwal_hari_baca AS j
WHERE EXISTS (
    SELECT 1
    FROM acmt_dasar.bacaan AS b
    WHERE b.unitup = j.unitup AND b.thblrek = j.thblrek AND b.hari_baca = j.hari_baca
)
