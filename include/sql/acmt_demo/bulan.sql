-- Billing months that hold readings. One index probe per unit and month of the calendar, not a scan.
SELECT DISTINCT j.thblrek
FROM acmt_dasar.jadwal_hari_baca AS j
WHERE EXISTS (
    SELECT 1
    FROM acmt_dasar.bacaan AS b
    WHERE b.unitup = j.unitup AND b.thblrek = j.thblrek AND b.hari_baca = j.hari_baca
)
ORDER BY j.thblrek
