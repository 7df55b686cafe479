-- A cancellation: what was asked, its frozen rows, what went, and the approvals it undoes (invariants 1, 3, 4 and 6).
WITH s AS (SELECT * FROM pengesahan.sesi WHERE id = :sesi_id),
minta AS (SELECT *, encode(sha256(convert_to(array_to_string(diminta, ','), 'UTF8')), 'hex') AS sidik_diminta
            FROM pengesahan.pembatalan WHERE sesi_id = :sesi_id),
r AS (SELECT * FROM pengesahan.pembatalan_baris WHERE sesi_id = :sesi_id),
h AS (SELECT * FROM pengesahan.hasil WHERE sesi_id = :sesi_id),
j AS (SELECT id, jenis, isi FROM pengesahan.jejak WHERE sesi_id = :sesi_id),
buka AS (SELECT id, isi FROM j WHERE jenis = 'SESI_DIBUKA' ORDER BY id LIMIT 1),
sebut AS (SELECT j.isi ->> 'sebab' AS sebab, i.idpel
            FROM j, jsonb_array_elements_text(j.isi -> 'idpel') i (idpel)
           WHERE j.jenis = 'TIDAK_DAPAT_DIBATALKAN' AND j.id > (SELECT max(d.id) FROM j d WHERE d.jenis = 'DISARING')),
kirim AS (SELECT b.kunci, i.idpel FROM pengesahan.batch b, unnest(b.idpel) i (idpel) WHERE b.sesi_id = :sesi_id),
-- the approvals that are undone, and all sessions of the month: read by these numbers, else every session's rows are
milik AS (SELECT DISTINCT asal AS id FROM r),
ses AS (SELECT id, jenis, nomor, unitup, thblrek, hari_baca FROM pengesahan.sesi
             WHERE unitup = (SELECT unitup FROM s) AND thblrek = (SELECT thblrek FROM s)),
-- rows of our approvals that would be, or were, given back
asal AS (SELECT r.idpel, r.no_pengesahan, r.asal, a.jenis, a.nomor, a.unitup, a.thblrek, a.hari_baca
           FROM r LEFT JOIN pengesahan.sesi a ON a.id = r.asal AND a.id = ANY (ARRAY(SELECT id FROM milik))
          WHERE r.asal IS NOT NULL)
SELECT format('sesi %s %s', s.jenis, CASE WHEN minta.sesi_id IS NULL THEN 'tanpa catatan apa yang diminta dibatalkan'
              ELSE 'memuat permintaan pembatalan' END) AS apa
  FROM s LEFT JOIN minta ON true WHERE (s.jenis = 'PEMBATALAN') <> (minta.sesi_id IS NOT NULL)
UNION ALL
SELECT format('permintaan pembatalan berbeda dari jejak nomor %s', buka.id) FROM minta, buka
 WHERE (minta.cakupan, minta.alasan, cardinality(minta.diminta)::text, minta.sidik_diminta)
       IS DISTINCT FROM (buka.isi ->> 'cakupan', buka.isi ->> 'alasan', buka.isi #>> '{diminta,jumlah}', buka.isi #>> '{diminta,sidik}')
UNION ALL
SELECT format('cuplikan pembatalan bukan yang diminta: %s pelanggan (%s)', count(*),
              array_to_string((array_agg(d.idpel ORDER BY d.idpel))[1:5], ', '))
  FROM (SELECT coalesce(r.idpel, m.idpel) AS idpel
          FROM r FULL JOIN (SELECT i AS idpel FROM minta, unnest(diminta) i) m ON m.idpel = r.idpel
         WHERE r.idpel IS NULL OR m.idpel IS NULL) d, minta
 WHERE minta.cakupan = 'daftar' AND EXISTS (SELECT 1 FROM r) HAVING count(*) > 0
UNION ALL
SELECT format('%s pelanggan dinyatakan boleh dibatalkan padahal tidak posting 1 atau tanpa nomor (%s)', count(*),
              array_to_string((array_agg(idpel ORDER BY idpel))[1:5], ', '))
  FROM r WHERE hasil = 'BOLEH' AND (kodeposting = 1 AND length(no_pengesahan) BETWEEN 1 AND 64 AND sebab IS NULL) IS NOT TRUE
HAVING count(*) > 0
UNION ALL
SELECT format('%s pelanggan yang sudah naik ke fungsi 3 dinyatakan boleh dibatalkan (%s)', count(*),
              array_to_string((array_agg(idpel ORDER BY idpel))[1:5], ', '))
  FROM r WHERE hasil = 'BOLEH' AND kodeposting = 3 HAVING count(*) > 0
UNION ALL
SELECT format('pelanggan %s tidak dapat dibatalkan (%s) tanpa jejak', idpel, sebab)
  FROM (SELECT sebab, idpel FROM r WHERE hasil = 'TIDAK' EXCEPT SELECT sebab, idpel FROM sebut) t
UNION ALL
SELECT format('pelanggan %s disebut tidak dapat dibatalkan (%s) oleh jejak, di buku tidak', idpel, sebab)
  FROM (SELECT sebab, idpel FROM sebut EXCEPT SELECT sebab, idpel FROM r WHERE hasil = 'TIDAK') t
UNION ALL
SELECT format('batch %s memuat %s pelanggan yang tidak boleh dibatalkan (%s)', k.kunci, count(*),
              array_to_string((array_agg(k.idpel ORDER BY k.idpel))[1:5], ', '))
  FROM s, kirim k LEFT JOIN r ON r.idpel = k.idpel WHERE s.jenis = 'PEMBATALAN' AND r.hasil IS DISTINCT FROM 'BOLEH'
 GROUP BY k.kunci
UNION ALL
SELECT format('sesi SELESAI tetapi %s pelanggan yang disetujui untuk dibatalkan tanpa hasil (%s)', count(*),
              array_to_string((array_agg(r.idpel ORDER BY r.idpel))[1:5], ', '))
  FROM s, r WHERE s.status = 'SELESAI' AND r.hasil = 'BOLEH' AND NOT EXISTS (SELECT 1 FROM h WHERE h.idpel = r.idpel)
HAVING count(*) > 0
UNION ALL
SELECT format('%s hasil berstatus %s dalam sesi pembatalan', count(*), h.status)
  FROM s, h WHERE s.jenis = 'PEMBATALAN' AND h.status NOT IN ('BATAL', 'BELUM_POSTING', 'DITOLAK') GROUP BY h.status
UNION ALL
SELECT format('%s pelanggan menunjuk pengesahan %s yang bukan milik kelompok ini atau bernomor lain', count(*), coalesce(a.nomor, '-'))
  FROM s, asal a WHERE (a.jenis, a.nomor, a.unitup, a.thblrek, a.hari_baca)
       IS DISTINCT FROM ('PENGESAHAN', a.no_pengesahan, s.unitup, s.thblrek, s.hari_baca)
 GROUP BY a.nomor
UNION ALL
SELECT format('%s pelanggan dibatalkan dari pengesahan %s, yang menurut buku tidak pernah mengesahkannya (%s)', count(*), a.nomor,
              array_to_string((array_agg(a.idpel ORDER BY a.idpel))[1:5], ', '))
  FROM asal a JOIN h ON h.idpel = a.idpel AND h.status = 'BATAL'
 WHERE NOT EXISTS (SELECT 1 FROM pengesahan.hasil p
                    WHERE p.sesi_id = a.asal AND p.sesi_id = ANY (ARRAY(SELECT id FROM milik)) AND p.idpel = a.idpel
                      AND p.status IN ('POSTING', 'SUDAH_POSTING'))
 GROUP BY a.nomor
UNION ALL
SELECT format('%s pelanggan tidak menunjuk pengesahan %s, yang menurut buku mengesahkannya (%s)', count(*), a.nomor,
              array_to_string((array_agg(r.idpel ORDER BY r.idpel))[1:5], ', '))
  FROM s JOIN r ON r.asal IS NULL
  JOIN ses a ON (a.jenis, a.nomor, a.unitup, a.thblrek, a.hari_baca)
                    = ('PENGESAHAN', r.no_pengesahan, s.unitup, s.thblrek, s.hari_baca)
  JOIN pengesahan.hasil p ON p.sesi_id = a.id AND p.sesi_id = ANY (ARRAY(SELECT id FROM ses)) AND p.idpel = r.idpel
       AND p.status IN ('POSTING', 'SUDAH_POSTING')
 GROUP BY a.nomor
UNION ALL
SELECT 'tampilan pembatalan_hasil menunjukkan lain daripada baris-barisnya'
 WHERE EXISTS (SELECT 1
                 FROM (SELECT r.idpel, r.asal, r.no_pengesahan, h.status, h.kode, h.kodeposting, h.pada
                         FROM r JOIN h ON h.idpel = r.idpel) b
                 FULL JOIN (SELECT * FROM pengesahan.pembatalan_hasil WHERE sesi_id = :sesi_id) t ON t.idpel = b.idpel
                WHERE (b.idpel, b.asal, b.no_pengesahan, b.status, b.kode, b.kodeposting, b.pada)
                      IS DISTINCT FROM (t.idpel, t.asal, t.no_pengesahan, t.status, t.kode, t.kodeposting, t.pada))
UNION ALL
SELECT format('jawaban pembatalan oleh %s mengembalikan pelanggan', p.oleh)
  FROM s, pengesahan.persetujuan p WHERE s.jenis = 'PEMBATALAN' AND p.sesi_id = :sesi_id AND p.kembalikan <> '{}'
UNION ALL
SELECT format('%s membatalkan pengesahan bacaan yang dibaca, diverifikasi atau dikirimnya sendiri (%s pelanggan)', p.oleh, count(*))
  FROM pengesahan.persetujuan p,
       r JOIN pengesahan.bacaan b ON b.sesi_id = r.asal AND b.sesi_id = ANY (ARRAY(SELECT id FROM milik)) AND b.idpel = r.idpel
 WHERE p.sesi_id = :sesi_id AND r.hasil = 'BOLEH'
   AND lower(btrim(p.oleh, E' \t\r\n')) IN (lower(btrim(b.petugas_baca, E' \t\r\n')), lower(btrim(b.verif_pengawas_oleh, E' \t\r\n')),
                                            lower(btrim(b.verif_vendor_oleh, E' \t\r\n')), lower(btrim(b.kirim_oleh, E' \t\r\n')))
 GROUP BY p.oleh
