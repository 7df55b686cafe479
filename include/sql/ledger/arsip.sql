-- Readings that leave the ledger for a file.

-- name: arsip_calon
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
  FROM pengesahan.sesi s CROSS JOIN LATERAL (SELECT count(*) AS baris FROM pengesahan.bacaan b WHERE b.sesi_id = s.id) b
 WHERE s.thblrek <= :sampai AND (CAST(:unitup AS text) IS NULL OR s.unitup = :unitup) AND b.baris > 0
 ORDER BY s.thblrek, s.unitup, s.id DESC

-- name: arsip_bulan
SELECT count(*) FROM pengesahan.arsip a JOIN pengesahan.sesi s ON s.id = a.sesi_id
 WHERE s.unitup = :unitup AND s.thblrek = :thblrek

-- name: arsip_sesi_bulan
SELECT s.id FROM pengesahan.sesi s WHERE s.unitup = :unitup AND s.thblrek = :thblrek ORDER BY s.id

-- name: arsip_catat
INSERT INTO pengesahan.arsip (sesi_id, baris, berkas, sidik_berkas, oleh, alasan, diarsipkan_pada)
SELECT s.id, :baris, :berkas, :sidik_berkas, :oleh, :alasan, now() FROM pengesahan.sesi s WHERE s.id = :sesi_id AND s.nomor = :nomor

-- name: arsip_hapus
DELETE FROM pengesahan.bacaan WHERE sesi_id = :sesi_id

-- name: arsip_ambil
SELECT a.sesi_id, s.nomor, a.baris, a.berkas, a.sidik_berkas, a.oleh, a.alasan, a.diarsipkan_pada
  FROM pengesahan.arsip a JOIN pengesahan.sesi s ON s.id = a.sesi_id WHERE a.sesi_id = :sesi_id

-- name: arsip_semua
SELECT a.sesi_id, s.nomor, a.baris, a.berkas, a.sidik_berkas, a.oleh, a.alasan, a.diarsipkan_pada
  FROM pengesahan.arsip a JOIN pengesahan.sesi s ON s.id = a.sesi_id ORDER BY a.sesi_id

-- name: arsip_saringan
SELECT idpel, daya::text AS daya, kwh::text AS kwh, jam_nyala::text AS jam_nyala, hasil, alasan::text AS alasan, dlpd::text AS dlpd,
       lalu_bulan, lalu_lwbp::text AS lalu_lwbp, lalu_wbp::text AS lalu_wbp, lalu_fkm::text AS lalu_fkm,
       kwh_kirim::text AS kwh_kirim
  FROM pengesahan.saringan WHERE sesi_id = :sesi_id

-- name: arsip_pembatal
-- Who cancelled rows of this session's approval, row by row.
SELECT r.idpel, p.oleh FROM pengesahan.pembatalan_baris r JOIN pengesahan.persetujuan p ON p.sesi_id = r.sesi_id
 WHERE r.asal = :sesi_id AND r.hasil = 'BOLEH'
