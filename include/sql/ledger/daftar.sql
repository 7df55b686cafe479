-- Lists, a page at a time: units, months, sessions, customers.

-- name: tampilan_unit
-- Units the ledger knows, as their last session names them.
SELECT DISTINCT ON (s.unitup) s.unitup, s.nama_unit, s.zona_waktu FROM pengesahan.sesi s ORDER BY s.unitup, s.id DESC

-- name: tampilan_menunggu
-- Gates of any month that wait for a person in some units, the one that waits longest first.
SELECT s.unitup, s.thblrek, s.hari_baca, s.jenis, s.nomor, g.dibuka_pada AS sejak
  FROM pengesahan.sesi s
 CROSS JOIN LATERAL (SELECT * FROM pengesahan.gerbang b WHERE b.sesi_id = s.id ORDER BY b.urutan DESC LIMIT 1) g
 WHERE s.diakhiri_pada IS NULL AND s.status = 'BERJALAN' AND s.tahap = 'MENUNGGU_PERSETUJUAN'
   AND s.unitup = ANY (CAST(:unit AS text[])) AND :username = ANY (g.orang)
   AND NOT EXISTS (SELECT 1 FROM pengesahan.persetujuan p WHERE p.sesi_id = s.id AND p.urutan = g.urutan)
   AND NOT EXISTS (SELECT 1 FROM pengesahan.jawaban_menunggu t WHERE t.sesi_id = s.id)
 ORDER BY g.dibuka_pada LIMIT 500

-- name: tampilan_delegasi
-- Units of the configuration in force that delegate to a person, whenever that holds.
SELECT u.kunci AS unitup
  FROM (SELECT isi FROM pengesahan.konfigurasi ORDER BY versi DESC LIMIT 1) k
 CROSS JOIN LATERAL jsonb_each(k.isi -> 'unit') u (kunci, pola)
 WHERE EXISTS (SELECT 1 FROM jsonb_array_elements(coalesce(nullif(u.pola -> 'delegasi', 'null'), '[]')) d
                WHERE d ->> 'kepada' = :username)
 ORDER BY 1

-- name: tampilan_bulan
-- Months in which the ledger knows a unit, stepping through the index rather than reading every session.
WITH RECURSIVE b AS (
    SELECT max(thblrek) AS thblrek FROM pengesahan.sesi WHERE unitup = :unitup
    UNION ALL
    SELECT (SELECT max(s.thblrek) FROM pengesahan.sesi s WHERE s.unitup = :unitup AND s.thblrek < b.thblrek)
      FROM b WHERE b.thblrek IS NOT NULL
)
SELECT thblrek FROM b WHERE thblrek IS NOT NULL

-- name: tampilan_bulan_semua
-- Months in which the ledger knows each unit.
SELECT DISTINCT unitup, thblrek FROM pengesahan.sesi

-- name: tampilan_cap
-- The version of what the ledger knows of each kelompok of a unit's month: whatever changes there changes it.
SELECT s.hari_baca, count(*) AS sesi, sum(s.epoch) AS epoch, max(j.id) AS jejak, max(n.id) AS hitungan,
       string_agg(s.status || s.tahap, ',' ORDER BY s.id) AS keadaan
  FROM pengesahan.sesi s
  LEFT JOIN LATERAL (SELECT max(t.id) AS id FROM pengesahan.jejak t WHERE t.sesi_id = s.id) j ON true
  LEFT JOIN LATERAL (SELECT max(h.id) AS id FROM pengesahan.hitungan h WHERE h.sesi_id = s.id) n ON true
 WHERE s.unitup = :unitup AND s.thblrek = :thblrek GROUP BY s.hari_baca

-- name: tampilan_sesi_akhir
-- The last session of each kelompok of a unit's month, with its last gate and, where it was answered, the answer.
SELECT DISTINCT ON (s.hari_baca) s.hari_baca, s.id, s.nomor, s.jenis, s.status, s.tahap, s.dag_id, s.run_id, s.dibuka_pada,
       s.diakhiri_pada, s.pemicu, s.pengesah, s.keterangan, g.urutan, g.orang, g.sejak, p.keputusan, p.oleh, p.dijawab_pada,
       m.sejak + make_interval(secs => (s.batas_jawab_jam * 3600)::double precision) AS batas,
       m.sejak + make_interval(secs => (s.tutup_sesudah_jam * 3600)::double precision) AS tutup,
       k.kesiapan, t.oleh AS tiba
  FROM pengesahan.sesi s
  LEFT JOIN LATERAL (SELECT b.urutan, b.orang, b.dibuka_pada AS sejak FROM pengesahan.gerbang b
                      WHERE b.sesi_id = s.id ORDER BY b.urutan DESC LIMIT 1) g ON true
  LEFT JOIN pengesahan.persetujuan p ON p.sesi_id = s.id AND p.urutan = g.urutan
 CROSS JOIN LATERAL (SELECT greatest(g.sejak, p.dicatat_pada) AS sejak) m
  LEFT JOIN LATERAL (SELECT n.oleh FROM pengesahan.jawaban_menunggu n WHERE n.sesi_id = s.id ORDER BY n.id LIMIT 1) t ON true
  LEFT JOIN LATERAL (SELECT t.isi AS kesiapan FROM pengesahan.jejak t
                      WHERE t.sesi_id = s.id AND t.jenis = 'KESIAPAN' AND s.tahap = 'DIBUKA'
                      ORDER BY t.id DESC LIMIT 1) k ON true
 WHERE s.unitup = :unitup AND s.thblrek = :thblrek ORDER BY s.hari_baca, s.id DESC

-- name: tampilan_daftar_sesi
-- A unit's sessions of a month, the newest first: one page, with the number of all and who answered.
SELECT k.semua, k.nomor, k.jenis, k.hari_baca, k.putaran, k.status, k.tahap, k.pemicu, k.dibuka_pada, k.diakhiri_pada,
       k.keterangan, k.dag_id, k.run_id, CAST(k.rekap #>> '{hasil,lolos}' AS bigint) AS lolos,
       CAST(k.rekap #>> '{hasil,ditahan}' AS bigint) AS ditahan, p.keputusan, p.dijawab_oleh, p.dijawab_pada
  FROM (SELECT s.*, count(*) OVER () AS semua
          FROM pengesahan.sesi s
         WHERE s.unitup = :unitup AND s.thblrek = :thblrek
           AND (CAST(:hari_baca AS text) IS NULL OR s.hari_baca = :hari_baca)
           AND (CAST(:jenis AS text) IS NULL OR s.jenis = :jenis)
           AND (CAST(:status AS text) IS NULL OR s.status = :status)
         ORDER BY s.id DESC LIMIT :ukuran OFFSET :lewati) k
  LEFT JOIN LATERAL (SELECT (array_agg(a.keputusan ORDER BY a.urutan DESC))[1] AS keputusan,
                            array_agg(a.oleh ORDER BY a.urutan) AS dijawab_oleh, max(a.dijawab_pada) AS dijawab_pada
                       FROM pengesahan.persetujuan a WHERE a.sesi_id = k.id) p ON true
 ORDER BY k.id DESC

-- name: daftar_sesi
SELECT s.nomor AS sesi, s.jenis, s.unitup, s.thblrek, s.hari_baca, s.putaran, s.status, s.tahap, coalesce(s.pemicu, 'jadwal') AS pemicu,
       s.dibuka_pada AS dimulai, s.diakhiri_pada AS berakhir,
       coalesce(s.keterangan, (SELECT format('jawaban %s diterima, menunggu ACMT', n.oleh) FROM pengesahan.jawaban_menunggu n
                                WHERE n.sesi_id = s.id ORDER BY n.id LIMIT 1)) AS keterangan, s.dag_id, s.run_id
  FROM pengesahan.sesi s
 WHERE (CAST(:unitup AS text) IS NULL OR s.unitup = :unitup)
   AND (CAST(:thblrek AS text) IS NULL OR s.thblrek = :thblrek)
   AND (CAST(:hari_baca AS text) IS NULL OR s.hari_baca = :hari_baca)
   AND (CAST(:jenis AS text) IS NULL OR s.jenis = :jenis) AND (CAST(:status AS text) IS NULL OR s.status = :status)
 ORDER BY s.id DESC LIMIT :batas

-- name: tampilan_baris
-- Rows of an approval's snapshot with what the sieve said and what came of them: one page, sorted. Each with the number of all, and
-- with how many there would be by each value of a filter, the others as they are. One row at least: without idpel there is none.
--
-- perubahan: what is held, then by the change in kWh over the root of daya in kVA, which is the geometric mean of the change in kWh
-- and in hours. It counts a quarter where all its flags stood in the month before too, and the reading was approved then.
WITH calon AS MATERIALIZED (
    SELECT g.idpel, m.dilihat, b.petugas_baca, left(b.kddk, 7) AS rute, b.tarif, b.kelainan, b.kode_baca, g.alasan || g.dlpd AS kode,
           CASE :urut WHEN 'kwh' THEN coalesce(g.kwh_kirim, g.kwh) WHEN 'jam_nyala' THEN g.jam_nyala WHEN 'daya' THEN b.daya
                      WHEN 'kwh_lalu' THEN b.pemkwh_lalu WHEN 'selisih' THEN coalesce(g.kwh_kirim, g.kwh) - b.pemkwh_lalu
                      WHEN 'perubahan' THEN
                        - CASE WHEN g.hasil = 'DITAHAN' THEN 1e18 ELSE 0 END
                        - abs(coalesce(g.kwh_kirim, g.kwh, 1e9) - coalesce(b.pemkwh_lalu, b.pemkwh_rata3, 0))
                          / sqrt(coalesce(nullif(abs(b.daya), 0), 1000) / 1000)
                          * CASE WHEN cardinality(g.dlpd) > 0 AND EXISTS (
                                   SELECT 1 FROM pengesahan.saringan l JOIN pengesahan.hasil p USING (sesi_id, idpel)
                                    WHERE l.sesi_id = ANY (CAST(:lalu AS bigint[])) AND l.idpel = g.idpel AND g.dlpd <@ l.dlpd
                                      AND p.status = 'POSTING') THEN 0.25 ELSE 1 END
                      WHEN 'vendor_jam' THEN extract(epoch FROM b.verif_vendor_pada - b.tgl_baca)
                      WHEN 'pengawas_jam' THEN extract(epoch FROM b.verif_pengawas_pada - b.tgl_baca) END AS angka,
           CASE :urut WHEN 'idpel' THEN b.idpel WHEN 'nama' THEN b.nama WHEN 'kddk' THEN b.kddk
                      WHEN 'tarif' THEN b.tarif WHEN 'petugas_baca' THEN b.petugas_baca END AS kata,
           array_remove(ARRAY[
               CASE WHEN NOT g.alasan || g.dlpd @> CAST(:kode AS text[]) THEN 'kode' END,
               CASE WHEN b.petugas_baca IS DISTINCT FROM coalesce(:petugas_baca, b.petugas_baca) THEN 'petugas_baca' END,
               CASE WHEN left(b.kddk, 7) IS DISTINCT FROM coalesce(:rute, left(b.kddk, 7)) THEN 'rute' END,
               CASE WHEN b.tarif IS DISTINCT FROM coalesce(:tarif, b.tarif) THEN 'tarif' END,
               CASE WHEN b.kelainan IS DISTINCT FROM coalesce(:kelainan, b.kelainan) THEN 'kelainan' END,
               CASE WHEN b.kode_baca IS DISTINCT FROM coalesce(:kode_baca, b.kode_baca) THEN 'kode_baca' END,
               CASE WHEN m.dilihat <> :dilihat THEN 'dilihat' END], NULL) AS luput
      FROM pengesahan.saringan g JOIN pengesahan.bacaan b ON b.sesi_id = g.sesi_id AND b.idpel = g.idpel
     CROSS JOIN LATERAL (SELECT CASE WHEN g.idpel IN (SELECT d.idpel FROM pengesahan.dilihat d
                                                       WHERE d.sesi_id = :sesi_id AND d.oleh = :oleh)
                                     THEN 'sudah' ELSE 'belum' END AS dilihat) m
     WHERE g.sesi_id = :sesi_id
       AND CASE :saring WHEN 'dlpd' THEN cardinality(g.dlpd) > 0 AND g.hasil = 'LOLOS'
                        WHEN 'ditahan' THEN g.hasil = 'DITAHAN' WHEN 'lolos' THEN g.hasil = 'LOLOS' ELSE true END
       AND (CAST(:idpel AS text[]) IS NULL OR g.idpel = ANY (CAST(:idpel AS text[])))
       AND (CAST(:cari AS text) IS NULL OR starts_with(g.idpel, :cari) OR starts_with(lower(b.kddk), lower(:cari))
            OR strpos(lower(b.nama), lower(:cari)) > 0)
), terhitung AS (
    SELECT v.jenis, v.nilai, count(*) AS jumlah
      FROM calon c CROSS JOIN LATERAL (
          SELECT 'kode', k FROM (SELECT DISTINCT unnest(c.kode) AS k) d
           UNION ALL VALUES ('petugas_baca', c.petugas_baca), ('rute', c.rute), ('tarif', c.tarif), ('kelainan', c.kelainan),
                            ('kode_baca', c.kode_baca), ('dilihat', c.dilihat)) v (jenis, nilai)
     WHERE v.nilai IS NOT NULL AND (c.luput = '{}' OR v.jenis <> 'kode' AND c.luput = ARRAY[v.jenis])
     GROUP BY v.jenis, v.nilai
), per_jenis AS (
    SELECT t.jenis, jsonb_agg(jsonb_build_array(t.nilai, t.jumlah) ORDER BY t.jumlah DESC, t.nilai) AS isi
      FROM (SELECT t.*, row_number() OVER (PARTITION BY t.jenis ORDER BY t.jumlah DESC, t.nilai) AS ke FROM terhitung t) t
     WHERE t.ke <= 200 GROUP BY t.jenis
), semua AS (
    SELECT (SELECT count(*) FROM calon WHERE luput = '{}') AS semua,
           (SELECT coalesce(jsonb_object_agg(jenis, isi), '{}') FROM per_jenis) AS pilahan
)
SELECT s.semua, s.pilahan, b.idpel, b.nama, b.kddk, b.tarif, b.daya, coalesce(g.kwh_kirim, g.kwh) AS kwh, b.pemkwh_lalu AS kwh_lalu,
       b.pemkwh_rata3 AS kwh_rata3, g.jam_nyala, b.slalwbp, b.sahlwbp, b.slawbp, b.sahwbp, b.slakvarh, b.sahkvarh, b.lwbpcabut,
       b.lwbppasang, b.wbpcabut, b.wbppasang, b.fkmkwh, b.fkmkwh_lama, b.digit_meter, b.cacat, g.alasan, g.dlpd,
       b.foto_url, b.kode_baca, b.kelainan, b.petugas_baca, b.tgl_baca,
       b.verif_pengawas_oleh AS pengawas, b.verif_pengawas_pada AS pengawas_pada,
       round(extract(epoch FROM b.verif_pengawas_pada - b.tgl_baca) / 3600, 2) AS pengawas_jam,
       b.verif_vendor_oleh AS vendor, b.verif_vendor_pada AS vendor_pada,
       round(extract(epoch FROM b.verif_vendor_pada - b.tgl_baca) / 3600, 2) AS vendor_jam, b.kirim_oleh, b.kirim_pada,
       b.diubah_pada, round(extract(epoch FROM b.diubah_pada - b.tgl_baca) / 3600, 2) AS diubah_jam,
       g.hasil AS saringan, h.status AS hasil, h.kode, h.pesan, k.dilihat = 'sudah' AS dilihat
  FROM semua s
  LEFT JOIN (SELECT c.idpel, c.dilihat, row_number() OVER (
                        ORDER BY CASE WHEN NOT :turun THEN c.angka END, CASE WHEN :turun THEN c.angka END DESC NULLS LAST,
                                 CASE WHEN NOT :turun THEN c.kata END, CASE WHEN :turun THEN c.kata END DESC NULLS LAST,
                                 c.idpel) AS nomor
               FROM calon c WHERE c.luput = '{}') k ON k.nomor > :lewati AND k.nomor <= :lewati + :ukuran
  LEFT JOIN pengesahan.saringan g ON g.sesi_id = :sesi_id AND g.idpel = k.idpel
  LEFT JOIN pengesahan.bacaan b ON b.sesi_id = :sesi_id AND b.idpel = k.idpel
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = :sesi_id AND h.idpel = k.idpel
 ORDER BY k.nomor

-- name: tampilan_hasil_baris
-- The next rows of a session that have an outcome, by idpel, with what was approved of each.
SELECT h.idpel, b.nama, b.kddk, b.tarif, b.daya, b.slalwbp, b.sahlwbp, b.slawbp, b.sahwbp, b.slakvarh, b.sahkvarh,
       coalesce(r.kwh, g.kwh_kirim, g.kwh) AS kwh, g.jam_nyala, g.dlpd, h.status AS hasil, h.kodeposting, h.kode, h.pesan, h.pada
  FROM pengesahan.hasil h
  LEFT JOIN pengesahan.pembatalan_baris r ON r.sesi_id = h.sesi_id AND r.idpel = h.idpel
  LEFT JOIN pengesahan.bacaan b ON b.sesi_id = coalesce(r.asal, h.sesi_id) AND b.idpel = h.idpel
  LEFT JOIN pengesahan.saringan g ON g.sesi_id = coalesce(r.asal, h.sesi_id) AND g.idpel = h.idpel
 WHERE h.sesi_id = :sesi_id AND h.idpel > :sesudah ORDER BY h.idpel LIMIT :batas

-- name: tampilan_tetangga
-- The other customers of a route in a session, as the sieve has them: how many, quartiles of kWh and of jam nyala, and how many
-- have less than these.
SELECT left(:kddk, 7) AS rute, count(*) AS pelanggan,
       percentile_disc(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY g.kwh) AS kwh,
       percentile_disc(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY g.jam_nyala) AS jam_nyala,
       count(*) FILTER (WHERE g.kwh < CAST(:kwh AS numeric)) AS kwh_di_bawah,
       count(*) FILTER (WHERE g.jam_nyala < CAST(:jam_nyala AS numeric)) AS jam_di_bawah
  FROM pengesahan.saringan g JOIN pengesahan.bacaan b ON b.sesi_id = g.sesi_id AND b.idpel = g.idpel
 WHERE g.sesi_id = :sesi_id AND g.idpel <> :idpel AND left(b.kddk, 7) = left(:kddk, 7)
   AND g.kwh < 'Infinity' AND g.jam_nyala < 'Infinity'

-- name: tampilan_baris_batal
-- Rows of a cancellation with the approval each would undo, and what came of them: one page, with the number of all.
SELECT k.semua, k.idpel, b.nama, b.kddk, k.kodeposting, k.no_pengesahan, k.putaran, k.kwh, k.hasil = 'BOLEH' AS boleh,
       k.sebab, h.status AS hasil, h.kode, h.pesan
  FROM (SELECT r.*, a.putaran, count(*) OVER () AS semua, row_number() OVER (
                   ORDER BY CASE WHEN :urut = 'kwh' AND NOT :turun THEN r.kwh END,
                            CASE WHEN :urut = 'kwh' AND :turun THEN r.kwh END DESC NULLS LAST,
                            CASE WHEN :urut = 'idpel' AND :turun THEN r.idpel END DESC, r.idpel) AS nomor
          FROM pengesahan.pembatalan_baris r LEFT JOIN pengesahan.sesi a ON a.id = r.asal
         WHERE r.sesi_id = :sesi_id
           AND CASE :saring WHEN 'batal' THEN r.hasil = 'BOLEH' WHEN 'ditahan' THEN r.hasil = 'TIDAK' ELSE true END
           AND (CAST(:kode AS text) IS NULL OR r.sebab = :kode)
           AND (CAST(:cari AS text) IS NULL OR starts_with(r.idpel, :cari))) k
  LEFT JOIN pengesahan.bacaan b ON b.sesi_id = k.asal AND b.idpel = k.idpel
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = k.sesi_id AND h.idpel = k.idpel
 WHERE k.nomor > :lewati AND k.nomor <= :lewati + :ukuran ORDER BY k.nomor
