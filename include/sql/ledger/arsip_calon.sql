-- Sessions of the months up to one that still hold readings, and what keeps their unit and month from being archived. The
-- newest of a month goes first: what it may have sent against an earlier one's return can be compared until it has gone.
SELECT s.id, s.nomor, s.unitup, s.thblrek, s.hari_baca, b.baris,
       CASE WHEN EXISTS (SELECT 1 FROM pengesahan.sesi t
                          WHERE t.unitup = s.unitup AND t.thblrek = s.thblrek AND t.status IN ('BERJALAN', 'TERHENTI'))
            THEN 'unit dan bulan ini masih punya sesi terbuka: '
                 || (SELECT string_agg(t.nomor || ' ' || t.status, ', ' ORDER BY t.id) FROM pengesahan.sesi t
                      WHERE t.unitup = s.unitup AND t.thblrek = s.thblrek AND t.status IN ('BERJALAN', 'TERHENTI'))
                 || ' (yang ditinggalkan diakhiri dengan `ap2t arsip akhiri`)'
            WHEN EXISTS (SELECT 1 FROM pengesahan.pengembalian k JOIN pengesahan.sesi t ON t.id = k.sesi_id
                          WHERE t.unitup = s.unitup AND t.thblrek = s.thblrek AND k.status IN ('MENUNGGU', 'DIKIRIM'))
            THEN 'unit dan bulan ini masih punya pengembalian yang belum sampai di ACMT'
            WHEN EXISTS (SELECT 1 FROM pengesahan.sesi t
                          WHERE t.unitup = s.unitup AND t.thblrek = s.thblrek
                            AND t.diakhiri_pada > clock_timestamp() - make_interval(days => :tenang))
            THEN format('sesi terakhir unit dan bulan ini berakhir kurang dari %s hari yang lalu', CAST(:tenang AS integer))
            END AS halangan
  FROM pengesahan.sesi s
 CROSS JOIN LATERAL (SELECT count(*) AS baris FROM pengesahan.bacaan b WHERE b.sesi_id = s.id) b
 WHERE s.thblrek <= :sampai AND (CAST(:unitup AS text) IS NULL OR s.unitup = :unitup) AND b.baris > 0
 ORDER BY s.thblrek, s.unitup, s.id DESC
