-- Cancellations: what was asked, the snapshot of it, its rows sent and compared.

-- name: pembatalan_catat
INSERT INTO pengesahan.pembatalan (sesi_id, cakupan, alasan, diminta)
VALUES (:sesi_id, :cakupan, :alasan, ARRAY(SELECT json_array_elements_text(CAST(:diminta AS json))))

-- name: pembatalan_ambil
SELECT cakupan, alasan, diminta FROM pengesahan.pembatalan WHERE sesi_id = :sesi_id

-- name: pembatalan_asal
-- What our approvals of this kelompok posted, customer by customer, with the number that AP2T was given.
SELECT h.idpel, s.nomor, s.id
  FROM pengesahan.sesi s JOIN pengesahan.hasil h ON h.sesi_id = s.id AND h.status IN ('POSTING', 'SUDAH_POSTING')
 WHERE s.jenis = 'PENGESAHAN' AND s.unitup = :unitup AND s.thblrek = :thblrek AND s.hari_baca = :hari_baca

-- name: pembatalan_kelompok_lain
-- Which of these customers the unit approved, or looked at, this month in another kelompok.
SELECT DISTINCT b.idpel
  FROM pengesahan.sesi s JOIN pengesahan.bacaan b ON b.sesi_id = s.id AND b.idpel = ANY (CAST(:idpel AS text[]))
 WHERE s.unitup = :unitup AND s.thblrek = :thblrek AND s.hari_baca <> :hari_baca

-- name: pembatalan_putaran
-- The approvals a cancellation would undo, round by round; those of others, which have no session here, last.
SELECT a.nomor, a.putaran, count(*) AS jumlah
  FROM pengesahan.pembatalan_baris r LEFT JOIN pengesahan.sesi a ON a.id = r.asal
 WHERE r.sesi_id = :sesi_id AND r.hasil = 'BOLEH' GROUP BY a.nomor, a.putaran ORDER BY a.putaran NULLS LAST

-- name: pembatalan_salin_masuk
COPY pengesahan.pembatalan_baris (sesi_id, idpel, kodeposting, no_pengesahan, asal, kwh, oleh, waktu, hasil, sebab) FROM STDIN

-- name: pembatalan_jumlah
SELECT count(*) AS pelanggan, count(*) FILTER (WHERE hasil = 'BOLEH') AS lolos,
       count(*) FILTER (WHERE hasil = 'TIDAK') AS ditahan,
       coalesce(sum(kwh) FILTER (WHERE hasil = 'BOLEH'), 0) AS kwh_lolos,
       count(kwh) FILTER (WHERE hasil = 'BOLEH') AS berkwh
  FROM pengesahan.pembatalan_baris WHERE sesi_id = :sesi_id

-- name: pembatalan_alasan
SELECT sebab AS kode, count(*) AS jumlah, (array_agg(idpel ORDER BY idpel))[1:20] AS contoh
  FROM pengesahan.pembatalan_baris WHERE sesi_id = :sesi_id AND hasil = 'TIDAK' GROUP BY sebab ORDER BY sebab

-- name: pembatalan_berikut
-- The rows of a cancellation that may still go, by idpel: may be cancelled, no outcome.
SELECT r.idpel, r.no_pengesahan FROM pengesahan.pembatalan_baris r
 WHERE r.sesi_id = :sesi_id AND r.hasil = 'BOLEH' AND r.idpel > :sesudah
   AND NOT EXISTS (SELECT 1 FROM pengesahan.hasil h WHERE h.sesi_id = r.sesi_id AND h.idpel = r.idpel)
 ORDER BY r.idpel LIMIT :batas

-- name: pembatalan_rekonsiliasi
-- The next rows of a cancellation with what came of it, by idpel.
SELECT r.idpel, r.hasil, r.no_pengesahan, h.status, h.kode
  FROM pengesahan.pembatalan_baris r LEFT JOIN pengesahan.hasil h ON h.sesi_id = r.sesi_id AND h.idpel = r.idpel
 WHERE r.sesi_id = :sesi_id AND r.idpel > :sesudah ORDER BY r.idpel LIMIT :batas

-- name: pembatalan_tautan
-- Both directions of a cancellation, for one session: the approvals it undid, or the cancellations that undid rows of it.
SELECT a.nomor AS nomor, count(*) AS jumlah FROM pengesahan.pembatalan_hasil h JOIN pengesahan.sesi a ON a.id = h.asal
 WHERE h.sesi_id = :sesi_id AND h.status = 'BATAL' GROUP BY a.nomor
UNION ALL
SELECT h.no_pembatalan, count(*) FROM pengesahan.pembatalan_hasil h WHERE h.asal = :sesi_id AND h.status = 'BATAL'
 GROUP BY h.no_pembatalan ORDER BY nomor
