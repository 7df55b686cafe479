-- The billing months of one unit's calendar, each with the day its reading begins.
SELECT thblrek, MIN(tgl_mulai)
FROM acmt.v_jadwal_hari_baca
WHERE unitup = :unitup
GROUP BY thblrek
ORDER BY MIN(tgl_mulai)
