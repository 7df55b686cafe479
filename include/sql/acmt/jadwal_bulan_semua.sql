-- The billing months of every unit's calendar, each with the day its reading begins.
SELECT unitup, thblrek, MIN(tgl_mulai)
FROM acmt.v_jadwal_hari_baca
GROUP BY unitup, thblrek
