-- The snapshot: written, taken back, digested, and counted for the rekap.

-- name: cuplikan_hapus
SELECT pengesahan.hapus_cuplikan(:sesi_id)

-- name: bacaan_salin_masuk
COPY pengesahan.bacaan (sesi_id, idpel, unitup, thblrek, hari_baca, kddk, nama, tarif, daya, fkmkwh, fkmkvarh,
    digit_meter, tgl_baca, petugas_baca, kode_baca, kelainan, slalwbp, sahlwbp, slawbp, sahwbp, slakvarh, sahkvarh,
    lwbpcabut, lwbppasang, wbpcabut, wbppasang, fkmkwh_lama, pemkwh, pemkwh_lalu, pemkwh_rata3, foto_url, latitude,
    longitude, verif_pengawas_oleh, verif_pengawas_pada, verif_vendor_oleh, verif_vendor_pada, kirim_oleh, kirim_pada,
    diubah_pada, pilihan, cacat) FROM STDIN

-- name: bacaan_teks
-- The snapshot of some rows as COPY text, columns as the source gives them, without earlier months, by idpel; all of them, or
-- only those that were posted.
COPY (
SELECT idpel, unitup, thblrek, hari_baca, kddk, nama, tarif, daya, fkmkwh, fkmkvarh, digit_meter, tgl_baca,
       petugas_baca, kode_baca, kelainan, slalwbp, sahlwbp, slawbp, sahwbp, slakvarh, sahkvarh, lwbpcabut, lwbppasang,
       wbpcabut, wbppasang, fkmkwh_lama, pemkwh, pemkwh_lalu, pemkwh_rata3, foto_url, latitude, longitude,
       verif_pengawas_oleh, verif_pengawas_pada, verif_vendor_oleh, verif_vendor_pada, kirim_oleh, kirim_pada,
       diubah_pada, nullif(pilihan - 'riwayat', jsonb_build_object()) AS pilihan, cacat
  FROM pengesahan.bacaan
 WHERE sesi_id = {sesi_id} AND idpel >= {dari} AND idpel <= {sampai}
   AND (NOT {terposting} OR EXISTS (SELECT 1 FROM pengesahan.hasil h WHERE h.sesi_id = bacaan.sesi_id AND h.idpel = bacaan.idpel
                                       AND h.status IN ('POSTING', 'SUDAH_POSTING')))
 ORDER BY idpel COLLATE "C"
) TO STDOUT

-- name: sesi_lalu
-- The sessions of a kelompok's earlier months in which something became of its customers.
SELECT id FROM pengesahan.sesi s
 WHERE unitup = :unitup AND hari_baca = :hari_baca AND thblrek >= :dari AND thblrek < :thblrek
   AND EXISTS (SELECT 1 FROM pengesahan.hasil h WHERE h.sesi_id = s.id) ORDER BY id

-- name: riwayat_buku
-- What these sessions posted of these customers and did not cancel since: of a month the last one counts.
SELECT t.idpel, b.thblrek, g.kwh, b.pilihan ->> 'cara_baca' AS cara_baca
  FROM (SELECT DISTINCT ON (h.idpel, s.thblrek) h.idpel, h.sesi_id, h.status
          FROM pengesahan.hasil h JOIN pengesahan.sesi s ON s.id = h.sesi_id
         WHERE h.sesi_id = ANY (CAST(:sesi AS bigint[])) AND h.idpel = ANY (CAST(:idpel AS text[]))
           AND h.status IN ('POSTING', 'SUDAH_POSTING', 'BATAL', 'BELUM_POSTING')
         ORDER BY h.idpel, s.thblrek, h.sesi_id DESC) t
  JOIN pengesahan.bacaan b ON b.sesi_id = t.sesi_id AND b.idpel = t.idpel
  JOIN pengesahan.saringan g ON g.sesi_id = t.sesi_id AND g.idpel = t.idpel
 WHERE t.status IN ('POSTING', 'SUDAH_POSTING')

-- name: rujukan_sabar
-- Until the transaction ends, which reads what was posted before: between two looks it may wait as long for ACMT as the snapshot.
SELECT set_config('idle_in_transaction_session_timeout', '2h', true)

-- name: cuplikan_sabar
-- Until the transaction ends: a COPY of it may wait for ACMT's earlier months. A client that stands still between two statements
-- is ended as ever: later on this transaction holds the trail's head.
SELECT set_config('statement_timeout', '2h', true)

-- name: cuplikan_diketahui
-- Which of these idpel stand in the snapshot of this session.
SELECT idpel FROM pengesahan.bacaan WHERE sesi_id = :sesi_id AND idpel = ANY (:idpel)

-- name: cuplikan_ditahan
-- How many of these idpel the session's sieve holds.
SELECT count(*) FROM pengesahan.saringan WHERE sesi_id = :sesi_id AND hasil = 'DITAHAN' AND idpel = ANY (:idpel)

-- name: urut_rencana
-- Walk both keys side by side: the planner does not know a fresh session's size (see kirim_rencana), and would sort and hash
-- what stands in order.
SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
       set_config('enable_hashjoin', 'off', true), set_config('enable_nestloop', 'off', true),
       set_config('enable_seqscan', 'off', true)

-- name: sidik_batas
-- Every so manieth idpel of a snapshot, found along its key; the last rows stand behind the last one.
WITH RECURSIVE batas (idpel) AS (
    SELECT '' COLLATE "C"
    UNION ALL
    SELECT (SELECT b.idpel FROM pengesahan.bacaan b WHERE b.sesi_id = :sesi_id AND b.idpel > l.idpel
             ORDER BY b.idpel OFFSET :potong - 1 LIMIT 1)
      FROM batas l WHERE l.idpel IS NOT NULL
)
SELECT idpel FROM batas WHERE idpel <> ''

-- name: sidik_baris
-- What an approval binds: every row of the snapshot with every value, and what the sieve made of it. In front, up to the
-- mark, stand the values that tell who and where a customer is: the digest takes them in closed (domain/sidik). Of all rows, or of
-- a range, whose ends bound both tables (see saringan_ulang).
COPY (
SELECT b.nama, b.foto_url, b.latitude, b.longitude, b.cacat, E'\x01',
       b.idpel, b.unitup, b.thblrek, b.hari_baca, b.kddk, b.tarif, b.daya, b.fkmkwh, b.fkmkvarh, b.digit_meter,
       b.tgl_baca, b.petugas_baca, b.kode_baca, b.kelainan, b.slalwbp, b.sahlwbp, b.slawbp, b.sahwbp, b.slakvarh,
       b.sahkvarh, b.lwbpcabut, b.lwbppasang, b.wbpcabut, b.wbppasang, b.fkmkwh_lama, b.pemkwh, b.pemkwh_lalu,
       b.pemkwh_rata3, b.verif_pengawas_oleh, b.verif_pengawas_pada, b.verif_vendor_oleh, b.verif_vendor_pada,
       b.kirim_oleh, b.kirim_pada, b.diubah_pada, s.daya AS daya_saringan, s.kwh, s.jam_nyala, s.hasil, s.alasan, s.dlpd,
       s.lalu_bulan, s.lalu_lwbp, s.lalu_wbp, s.lalu_fkm, s.kwh_kirim, b.pilihan
  FROM pengesahan.bacaan b LEFT JOIN pengesahan.saringan s ON s.sesi_id = b.sesi_id AND s.idpel = b.idpel
       AND ({sesudah} IS NULL OR s.idpel > {sesudah}) AND ({sampai} IS NULL OR s.idpel <= {sampai})
 WHERE b.sesi_id = {sesi_id} AND ({sesudah} IS NULL OR b.idpel > {sesudah}) AND ({sampai} IS NULL OR b.idpel <= {sampai})
 ORDER BY b.idpel COLLATE "C"
) TO STDOUT

-- name: sidik_pembatalan
-- What the approval of a cancellation binds, row by row; in front of it stands what was asked. Nothing in it is closed.
COPY (
SELECT '', E'\x01', idpel, kodeposting, no_pengesahan, asal, kwh, oleh, waktu, hasil, sebab
  FROM pengesahan.pembatalan_baris
 WHERE sesi_id = {sesi_id} AND ({sesudah} IS NULL OR idpel > {sesudah}) AND ({sampai} IS NULL OR idpel <= {sampai})
 ORDER BY idpel COLLATE "C"
) TO STDOUT

-- name: sidik_garam
SELECT isi FROM pengesahan.garam WHERE sesi_id = :sesi_id

-- name: rekap_hasil
SELECT count(*) AS pelanggan, count(*) FILTER (WHERE hasil = 'LOLOS') AS lolos,
       count(*) FILTER (WHERE hasil = 'DITAHAN') AS ditahan,
       coalesce(sum(coalesce(kwh_kirim, kwh)) FILTER (WHERE hasil = 'LOLOS'), 0) AS kwh_lolos,
       coalesce(sum(kwh) FILTER (WHERE hasil = 'DITAHAN'), 0) AS kwh_ditahan,
       max(jam_nyala) FILTER (WHERE hasil = 'LOLOS') AS jam_nyala_tertinggi, max(jam_nyala) AS jam_nyala_tertinggi_semua
  FROM pengesahan.saringan WHERE sesi_id = :sesi_id

-- name: rekap_alasan
SELECT a AS kode, count(*) AS jumlah FROM pengesahan.saringan s, unnest(s.alasan) a
 WHERE sesi_id = :sesi_id GROUP BY a ORDER BY jumlah DESC, a

-- name: rekap_dlpd
SELECT d AS kode, count(*) AS jumlah FROM pengesahan.saringan s, unnest(s.dlpd) d
 WHERE sesi_id = :sesi_id AND hasil = 'LOLOS' GROUP BY d ORDER BY jumlah DESC, d

-- name: rekap_lalu
-- Change against last month, over the customers that passed and have a last month. NaN and infinity do not count.
SELECT count(*) AS pelanggan, coalesce(sum(coalesce(s.kwh_kirim, s.kwh)), 0) AS kwh, coalesce(sum(b.pemkwh_lalu), 0) AS kwh_lalu
  FROM pengesahan.saringan s JOIN pengesahan.bacaan b ON b.sesi_id = s.sesi_id AND b.idpel = s.idpel
 WHERE s.sesi_id = :sesi_id AND s.hasil = 'LOLOS' AND b.pemkwh_lalu IS NOT NULL
   AND b.pemkwh_lalu >= 0 AND b.pemkwh_lalu < 'Infinity'

-- name: rekap_verifikasi
-- How the snapshot's rows were verified, by role: people, rows, the soonest after the reading (minutes), rows verified
-- within five minutes of it, and the most that one person verified within one minute of each other, to the second. Counts only.
WITH detik AS (
    SELECT grouping(p_oleh) = 1 AS vendor, p_oleh, p_detik, v_oleh, v_detik, count(*) AS jumlah,
           min(p_jeda) AS p_cepat, min(v_jeda) AS v_cepat, count(*) FILTER (WHERE p_jeda < interval '5 minutes') AS p_lekas,
           count(*) FILTER (WHERE v_jeda < interval '5 minutes') AS v_lekas
      FROM (SELECT verif_pengawas_oleh AS p_oleh, date_trunc('second', verif_pengawas_pada) AS p_detik,
                   verif_vendor_oleh AS v_oleh, date_trunc('second', verif_vendor_pada) AS v_detik,
                   verif_pengawas_pada - tgl_baca AS p_jeda, verif_vendor_pada - tgl_baca AS v_jeda
              FROM pengesahan.bacaan WHERE sesi_id = :sesi_id) b
     GROUP BY GROUPING SETS ((p_oleh, p_detik), (v_oleh, v_detik))
), per_detik AS (
    SELECT CASE WHEN vendor THEN 'Admin Vendor' ELSE 'Pengawas' END AS peran, CASE WHEN vendor THEN v_oleh ELSE p_oleh END AS oleh,
           CASE WHEN vendor THEN v_detik ELSE p_detik END AS detik, jumlah,
           CASE WHEN vendor THEN v_cepat ELSE p_cepat END AS cepat, CASE WHEN vendor THEN v_lekas ELSE p_lekas END AS lekas
      FROM detik
), jendela AS (
    SELECT *, sum(jumlah) OVER (PARTITION BY peran, oleh ORDER BY detik
                                RANGE BETWEEN CURRENT ROW AND interval '1 minute' FOLLOWING) AS serentak
      FROM per_detik WHERE oleh IS NOT NULL AND detik IS NOT NULL
)
SELECT peran, count(DISTINCT oleh) AS orang, sum(jumlah)::bigint AS jumlah,
       trunc(extract(epoch FROM min(cepat)) / 60)::bigint AS tercepat_menit, sum(lekas)::bigint AS lekas,
       max(serentak)::bigint AS serentak
  FROM jendela GROUP BY peran ORDER BY peran DESC

-- name: sampel_calon
-- Customers the lot may fall on: those that are to be approved.
SELECT idpel FROM pengesahan.saringan WHERE sesi_id = :sesi_id AND hasil = 'LOLOS'

-- name: gerbang_kwh
-- What the gate's sum of kWh stands on: the sum over customers that passed, how many have some kWh, the largest one's, and
-- whether a gate of the same kelompok and month stood before.
SELECT coalesce(sum(coalesce(g.kwh_kirim, g.kwh)), 0) AS kwh, count(*) FILTER (WHERE g.kwh > 0) AS berkwh,
       coalesce(max(coalesce(g.kwh_kirim, g.kwh)), 0) AS terbesar,
       EXISTS (SELECT 1 FROM pengesahan.sesi s
                 JOIN pengesahan.sesi t ON t.unitup = s.unitup AND t.thblrek = s.thblrek AND t.hari_baca = s.hari_baca
                      AND t.id < s.id
                 JOIN pengesahan.gerbang b ON b.sesi_id = t.id
                WHERE s.id = :sesi_id) AS pernah
  FROM pengesahan.saringan g WHERE g.sesi_id = :sesi_id AND g.hasil = 'LOLOS'
