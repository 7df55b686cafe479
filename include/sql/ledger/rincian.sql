-- One session in detail.

-- name: tampilan_gerbang
-- A session's gates with their answers, and what arrived and waits to be judged.
SELECT g.urutan, g.orang, g.dibuka_pada, p.keputusan, p.oleh, p.dijawab_pada, p.catatan, p.kembalikan,
       t.oleh AS tiba_oleh, t.pilihan AS tiba_pilihan, t.dijawab_pada AS tiba_dijawab_pada
  FROM pengesahan.gerbang g LEFT JOIN pengesahan.persetujuan p ON p.sesi_id = g.sesi_id AND p.urutan = g.urutan
  LEFT JOIN LATERAL (SELECT * FROM pengesahan.jawaban_menunggu m
                      WHERE m.sesi_id = g.sesi_id AND m.urutan = g.urutan ORDER BY m.id LIMIT 1) t ON true
 WHERE g.sesi_id = :sesi_id ORDER BY g.urutan

-- name: tampilan_pengembalian
-- Customers a session's answers sent back: whose, why, and whether ACMT was told.
SELECT urutan, idpel, alasan, status FROM pengesahan.pengembalian WHERE sesi_id = :sesi_id ORDER BY urutan, idpel

-- name: tampilan_sebaran
-- Distribution of jam nyala over the whole snapshot, in fine classes (bounds in hours, the lower one included, 2000 itself in
-- the last but one), and how many of each class are held. Who has no jam nyala is in no class.
SELECT k.kelas, count(*) AS jumlah, count(*) FILTER (WHERE k.hasil = 'DITAHAN') AS ditahan
  FROM (SELECT g.hasil, CASE WHEN g.kwh * 1000 > 2000 * g.daya OR g.jam_nyala > 2000 THEN cardinality(b.batas)
                             ELSE least(width_bucket(g.jam_nyala, b.batas), cardinality(b.batas) - 1) END AS kelas
          FROM pengesahan.saringan g, (SELECT CAST(:batas AS numeric[]) AS batas) b
         WHERE g.sesi_id = :sesi_id AND g.jam_nyala >= 0 AND g.jam_nyala < 'Infinity') k
 GROUP BY k.kelas ORDER BY k.kelas

-- name: tampilan_hasil
-- What came of a session's rows so far.
SELECT status, count(*) AS jumlah FROM pengesahan.hasil WHERE sesi_id = :sesi_id GROUP BY status ORDER BY status

-- name: akibat_golongan
-- What a session's customers that passed use, beside last month and the same month last year: all of them, then by flag, tarif and
-- reader. Of each a few by how far their kWh moved, and the others as one row. A customer with two flags is in both.
--
-- Last year is what the kelompok's sessions of that month posted and did not cancel since, else what ACMT said of it. The estimate in
-- rupiah is that of domain/harga. Last month's goes by last month's price, today's daya, and today's shares of LWBP and WBP.
WITH terposting AS MATERIALIZED (
    SELECT DISTINCT ON (s.thblrek, h.idpel) s.thblrek, h.idpel, h.sesi_id, h.status
      FROM pengesahan.sesi s JOIN pengesahan.hasil h ON h.sesi_id = s.id
     WHERE s.unitup = :unitup AND s.hari_baca = :hari_baca AND s.thblrek IN (:bulan_lalu, :tahun_lalu)
       AND h.status IN ('POSTING', 'SUDAH_POSTING', 'BATAL', 'BELUM_POSTING')
     ORDER BY s.thblrek, h.idpel, h.sesi_id DESC
), lama AS MATERIALIZED (
    SELECT t.thblrek, t.idpel, coalesce(g.kwh_kirim, g.kwh) AS kwh, 'TAKSIR' = ANY (g.dlpd) AS taksir
      FROM terposting t JOIN pengesahan.saringan g ON g.sesi_id = t.sesi_id AND g.idpel = t.idpel
     WHERE t.status IN ('POSTING', 'SUDAH_POSTING')
), acmt AS MATERIALIZED (
    SELECT a.idpel, a.kwh FROM unnest(CAST(:acmt_idpel AS text[]), CAST(:acmt_kwh AS numeric[])) a (idpel, kwh)
), harga AS MATERIALIZED (
    SELECT h.* FROM unnest(CAST(:tarif AS text[]), CAST(:daya_dari AS numeric[]), CAST(:daya_sampai AS numeric[]),
                           CAST(:harga_lwbp AS numeric[]), CAST(:harga_wbp AS numeric[]), CAST(:jam_minimum AS numeric[]),
                           CAST(:berlaku_dari AS date[])) WITH ORDINALITY
               AS h (tarif, daya_dari, daya_sampai, lwbp, wbp, jam, berlaku_dari, ke)
), lolos AS MATERIALIZED (
    SELECT g.idpel, g.dlpd, b.tarif, b.petugas_baca, b.daya, g.kwh AS tepat, coalesce(g.kwh_kirim, g.kwh) AS kwh,
           CASE WHEN b.pemkwh_lalu >= 0 AND b.pemkwh_lalu < 'Infinity' THEN b.pemkwh_lalu END AS kwh_lalu, b.sahwbp IS NOT NULL AS dua,
           CASE WHEN b.sahwbp IS NULL THEN 0
                WHEN coalesce(b.wbpcabut, 0) = 0 AND coalesce(b.wbppasang, 0) = 0
                THEN (b.sahwbp - b.slawbp + CASE WHEN b.sahwbp < b.slawbp THEN power(10::numeric, b.digit_meter) ELSE 0 END) * b.fkmkwh
                ELSE (b.wbpcabut - b.slawbp) * coalesce(b.fkmkwh_lama, b.fkmkwh) + (b.sahwbp - b.wbppasang) * b.fkmkwh END AS wbp
      FROM pengesahan.saringan g JOIN pengesahan.bacaan b ON b.sesi_id = g.sesi_id AND b.idpel = g.idpel
     WHERE g.sesi_id = :sesi_id AND g.hasil = 'LOLOS'
), berharga AS MATERIALIZED (
    SELECT k.tarif, k.daya, i.lwbp, i.wbp, coalesce(i.jam, 0) * k.daya * i.lwbp * 0.001 AS minimum,
           l.lwbp AS lwbp_lalu, l.wbp AS wbp_lalu, coalesce(l.jam, 0) * k.daya * l.lwbp * 0.001 AS minimum_lalu
      FROM (SELECT DISTINCT tarif, daya FROM lolos) k
      JOIN LATERAL (SELECT h.* FROM harga h
                     WHERE h.tarif = k.tarif AND k.daya BETWEEN h.daya_dari AND h.daya_sampai AND h.berlaku_dari <= :awal
                     ORDER BY h.berlaku_dari DESC, h.ke LIMIT 1) i ON true
      LEFT JOIN LATERAL (SELECT h.* FROM harga h
                          WHERE h.tarif = k.tarif AND k.daya BETWEEN h.daya_dari AND h.daya_sampai AND h.berlaku_dari <= :awal_lalu
                          ORDER BY h.berlaku_dari DESC, h.ke LIMIT 1) l ON true
), rupiah AS (
    SELECT p.*, coalesce(t.kwh, a.kwh) AS kwh_tahun, 'SESUDAH_TAKSIR' = ANY (p.dlpd) OR coalesce(l.taksir, false) AS taksir,
           round(greatest((p.tepat - p.wbp) * h.lwbp + p.wbp * h.wbp, h.minimum)) AS rupiah,
           CASE WHEN NOT p.dua OR h.lwbp_lalu = h.wbp_lalu THEN p.kwh_lalu * h.lwbp_lalu
                WHEN p.tepat > 0 THEN p.kwh_lalu * ((p.tepat - p.wbp) * h.lwbp_lalu + p.wbp * h.wbp_lalu) / p.tepat
            END AS energi_lalu, h.minimum_lalu
      FROM lolos p
      LEFT JOIN berharga h ON h.tarif = p.tarif AND h.daya = p.daya
      LEFT JOIN lama t ON t.thblrek = :tahun_lalu AND t.idpel = p.idpel
      LEFT JOIN lama l ON l.thblrek = :bulan_lalu AND l.idpel = p.idpel
      LEFT JOIN acmt a ON a.idpel = p.idpel
), isi AS MATERIALIZED (
    SELECT r.*, CASE WHEN r.rupiah IS NOT NULL AND r.energi_lalu IS NOT NULL
                     THEN round(greatest(r.energi_lalu, r.minimum_lalu)) END AS rupiah_lalu
      FROM rupiah r
), kelas AS (
    SELECT v.jenis, v.nilai, i.*
      FROM isi i CROSS JOIN LATERAL (
          VALUES ('semua', NULL), ('tarif', i.tarif), ('petugas_baca', i.petugas_baca)
           UNION ALL SELECT 'tanda', d FROM unnest(CASE WHEN i.dlpd = '{}' THEN ARRAY[CAST(NULL AS text)] ELSE i.dlpd END) d
      ) v (jenis, nilai)
), golongan AS (
    SELECT jenis, nilai, count(*) AS pelanggan, coalesce(sum(kwh), 0) AS kwh,
           count(kwh_lalu) AS lalu_pelanggan, coalesce(sum(kwh) FILTER (WHERE kwh_lalu IS NOT NULL), 0) AS lalu_kini,
           coalesce(sum(kwh_lalu), 0) AS lalu_kwh,
           count(kwh_tahun) AS tahun_pelanggan, coalesce(sum(kwh) FILTER (WHERE kwh_tahun IS NOT NULL), 0) AS tahun_kini,
           coalesce(sum(kwh_tahun), 0) AS tahun_kwh,
           count(rupiah) AS rupiah_pelanggan, coalesce(sum(rupiah), 0) AS rupiah,
           count(rupiah_lalu) AS banding_pelanggan, coalesce(sum(rupiah) FILTER (WHERE rupiah_lalu IS NOT NULL), 0) AS banding_kini,
           coalesce(sum(rupiah_lalu), 0) AS banding_lalu,
           count(*) FILTER (WHERE rupiah * 100 > rupiah_lalu * (100 + :kenaikan)) AS naik,
           count(*) FILTER (WHERE rupiah * 100 > rupiah_lalu * (100 + :kenaikan) AND taksir) AS naik_taksir
      FROM kelas GROUP BY jenis, nilai
), urut AS (
    SELECT g.*, least(:batas + 1, row_number() OVER (
               PARTITION BY jenis ORDER BY abs(lalu_kini - lalu_kwh) DESC, kwh DESC, pelanggan DESC, nilai)) AS ke
      FROM golongan g
)
SELECT jenis, ke > :batas AS lainnya, CASE WHEN ke <= :batas THEN min(nilai) END AS nilai, count(*) AS golongan, sum(pelanggan)::bigint AS pelanggan,
       sum(kwh) AS kwh, sum(lalu_pelanggan)::bigint AS lalu_pelanggan, sum(lalu_kini) AS lalu_kini, sum(lalu_kwh) AS lalu_kwh,
       sum(tahun_pelanggan)::bigint AS tahun_pelanggan, sum(tahun_kini) AS tahun_kini, sum(tahun_kwh) AS tahun_kwh,
       round(sum(kwh) / nullif(sum(pelanggan), 0), 3) AS rata,
       round(sum(lalu_kini) / nullif(sum(lalu_pelanggan), 0), 3) AS lalu_rata_kini,
       round(sum(lalu_kwh) / nullif(sum(lalu_pelanggan), 0), 3) AS lalu_rata,
       round(sum(tahun_kini) / nullif(sum(tahun_pelanggan), 0), 3) AS tahun_rata_kini,
       round(sum(tahun_kwh) / nullif(sum(tahun_pelanggan), 0), 3) AS tahun_rata,
       sum(rupiah_pelanggan)::bigint AS rupiah_pelanggan, sum(rupiah) AS rupiah, sum(banding_pelanggan)::bigint AS banding_pelanggan,
       sum(banding_kini) AS banding_kini, sum(banding_lalu) AS banding_lalu, sum(naik)::bigint AS naik,
       sum(naik_taksir)::bigint AS naik_taksir
  FROM urut GROUP BY jenis, ke ORDER BY jenis, ke

-- name: akibat_gerak
-- Whose kWh moved farthest from last month's, up and down, among the customers that passed: a few of each, the farthest first.
SELECT k.kwh > k.kwh_lalu AS naik, k.idpel, b.nama, b.tarif, b.daya, k.kwh, k.kwh_lalu
  FROM (SELECT l.*, row_number() OVER (PARTITION BY l.kwh > l.kwh_lalu ORDER BY abs(l.kwh - l.kwh_lalu) DESC, l.idpel) AS ke
          FROM (SELECT g.idpel, coalesce(g.kwh_kirim, g.kwh) AS kwh, b.pemkwh_lalu AS kwh_lalu
                  FROM pengesahan.saringan g JOIN pengesahan.bacaan b ON b.sesi_id = g.sesi_id AND b.idpel = g.idpel
                 WHERE g.sesi_id = :sesi_id AND g.hasil = 'LOLOS' AND b.pemkwh_lalu >= 0 AND b.pemkwh_lalu < 'Infinity') l
         WHERE l.kwh <> l.kwh_lalu) k
  JOIN pengesahan.bacaan b ON b.sesi_id = :sesi_id AND b.idpel = k.idpel
 WHERE k.ke <= :banyak ORDER BY naik DESC, k.ke

-- name: akibat_taksir
-- Whether any session of a kelompok's month was told how a reading came about.
SELECT EXISTS (SELECT 1 FROM pengesahan.sesi s
                WHERE s.unitup = :unitup AND s.hari_baca = :hari_baca AND s.thblrek = :bulan_lalu
                  AND s.ketentuan -> 'pilihan' @> '["cara_baca"]')
