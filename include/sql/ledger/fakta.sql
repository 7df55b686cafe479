-- Where customers stand, now and at any moment before.

-- name: status_kelompok
-- What the ledger knew of the customers of a kelompok at a moment, by idpel: the last fact about AP2T, and the last session
-- whose snapshot holds the customer, with what it says of the row. A snapshot that was taken anew later is not known: of
-- such a moment only those are told whose place in AP2T is.
WITH semua AS MATERIALIZED (
    SELECT s.id, s.nomor, s.zona_waktu, s.pengesah, s.sidik, s.diakhiri_pada, s.ketentuan, c.cuplikan_pada,
           -- the same snapshot may have been sieved more than once, by the same rules: the first time counts
           (SELECT t.pada FROM pengesahan.jejak t
             WHERE t.sesi_id = s.id AND t.jenis = 'DISARING' AND t.id > c.cuplikan_id ORDER BY t.id LIMIT 1) AS saring_pada
      FROM pengesahan.sesi s
      JOIN LATERAL (SELECT (array_agg(t.pada ORDER BY t.id))[1] AS awal_pada,
                           (array_agg(t.pada ORDER BY t.id DESC))[1] AS cuplikan_pada, max(t.id) AS cuplikan_id
                      FROM pengesahan.jejak t
                     WHERE t.sesi_id = s.id AND t.jenis = 'CUPLIKAN_DIAMBIL') c ON c.awal_pada <= :pada
     WHERE s.jenis = 'PENGESAHAN' AND s.unitup = :unitup AND s.thblrek = :thblrek AND s.hari_baca = :hari_baca
       AND s.dibuka_pada <= :pada
), diulang AS MATERIALIZED (
    -- whom the snapshot of then held is not known any more, so no earlier session's word stands for a customer either
    SELECT EXISTS (SELECT 1 FROM semua WHERE cuplikan_pada > :pada) AS ada
), ses AS MATERIALIZED (
    SELECT s.id, s.nomor, s.zona_waktu, s.cuplikan_pada, s.ketentuan -> 'pilihan' AS kolom_pilihan,
           (s.diakhiri_pada IS NULL OR s.diakhiri_pada > :pada) AS terbuka,
           (s.saring_pada <= :pada) IS TRUE AS tersaring,
           ((SELECT min(g.dibuka_pada) FROM pengesahan.gerbang g WHERE g.sesi_id = s.id) <= :pada) IS TRUE AS menunggu,
           (SELECT count(*) FROM pengesahan.persetujuan p
             WHERE p.sesi_id = s.id AND p.keputusan = 'SETUJU' AND p.sidik = s.sidik AND p.urutan <= s.pengesah
               AND p.dicatat_pada <= :pada) = s.pengesah AS disetujui
      FROM semua s WHERE s.cuplikan_pada <= :pada
), terakhir AS MATERIALIZED (
    SELECT id FROM ses ORDER BY id DESC LIMIT 1
), inklusi AS (
    SELECT DISTINCT ON (b.idpel) b.idpel, b.sesi_id
      FROM (SELECT b.idpel, b.sesi_id FROM ses JOIN pengesahan.bacaan b ON b.sesi_id = ses.id
             WHERE b.idpel >= :dari AND b.idpel <= :sampai
            UNION ALL
            -- readings that have left: what the sieve made of them has stayed
            SELECT g.idpel, g.sesi_id
              FROM ses JOIN pengesahan.arsip a ON a.sesi_id = ses.id JOIN pengesahan.saringan g ON g.sesi_id = ses.id
             WHERE g.idpel >= :dari AND g.idpel <= :sampai) b
     ORDER BY b.idpel, b.sesi_id DESC
), posisi AS (
    SELECT g.idpel, g.kodeposting, g.pada, g.sesi_id, g.langkah, s.nomor,
           CASE g.kodeposting WHEN 0 THEN g.fakta LIKE 'LUAR%' ELSE g.kwh_sesi IS NULL END AS luar
      FROM pengesahan.gerak_posisi g JOIN pengesahan.sesi s ON s.id = coalesce(g.kwh_sesi, g.sesi_id)
     WHERE g.unitup = :unitup AND g.thblrek = :thblrek AND g.hari_baca = :hari_baca
       AND g.idpel >= :dari AND g.idpel <= :sampai AND g.pada <= :pada AND (g.sampai IS NULL OR g.sampai > :pada)
), kembali AS (
    SELECT p.sesi_id, k.idpel COLLATE "C" AS idpel, min(p.dicatat_pada) AS pada,
           bool_or(m.idpel IS NOT NULL AND (m.selesai_pada IS NULL OR m.selesai_pada > :pada)) AS acmt_belum
      FROM ses JOIN pengesahan.persetujuan p ON p.sesi_id = ses.id CROSS JOIN LATERAL unnest(p.kembalikan) k (idpel)
      LEFT JOIN pengesahan.pengembalian m ON m.sesi_id = p.sesi_id AND m.idpel = k.idpel COLLATE "C"
     WHERE p.dicatat_pada <= :pada AND k.idpel >= :dari AND k.idpel <= :sampai GROUP BY 1, 2
)
SELECT coalesce(i.idpel, p.idpel) AS kunci, p.kodeposting, p.pada AS posisi_pada, p.nomor AS posisi_nomor, p.luar,
       CASE WHEN NOT d.ada OR p.kodeposting > 0 THEN s.nomor END AS nomor, s.cuplikan_pada AS pada, s.terbuka, s.tersaring, s.menunggu, s.disetujui,
       CASE WHEN s.tersaring THEN g.alasan END AS alasan, CASE WHEN s.tersaring THEN g.dlpd END AS dlpd,
       CASE WHEN s.tersaring THEN coalesce(g.kwh_kirim, g.kwh) END AS kwh, CASE WHEN s.tersaring THEN g.jam_nyala END AS jam_nyala,
       s.kolom_pilihan, h.status AS hasil, h.kode, h.pada AS hasil_pada, k.pada AS dikembalikan_pada, coalesce(k.acmt_belum, false) AS acmt_belum,
       (s.id < t.id AND (p.sesi_id IS NULL OR (p.sesi_id, p.langkah) < (t.id, 1))) IS TRUE AS ditinggal,
       b.idpel, b.unitup, b.thblrek, b.hari_baca, b.kddk, b.nama, b.tarif, b.daya, b.fkmkwh, b.fkmkvarh, b.digit_meter, b.tgl_baca, b.slalwbp, b.sahlwbp,
       b.slawbp, b.sahwbp, b.slakvarh, b.sahkvarh, b.lwbpcabut, b.lwbppasang, b.wbpcabut, b.wbppasang, b.fkmkwh_lama,
       b.pemkwh, b.verif_pengawas_oleh, b.verif_pengawas_pada, b.verif_vendor_oleh, b.verif_vendor_pada, b.kirim_oleh,
       b.kirim_pada, b.diubah_pada, b.pilihan, b.cacat
  FROM inklusi i JOIN ses s ON s.id = i.sesi_id
  LEFT JOIN pengesahan.bacaan b ON b.sesi_id = i.sesi_id AND b.idpel = i.idpel
  FULL JOIN posisi p ON p.idpel = i.idpel
  LEFT JOIN terakhir t ON true
  CROSS JOIN diulang d
  LEFT JOIN pengesahan.saringan g ON g.sesi_id = i.sesi_id AND g.idpel = i.idpel
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = i.sesi_id AND h.idpel = i.idpel AND h.pada <= :pada
  LEFT JOIN kembali k ON k.sesi_id = i.sesi_id AND k.idpel = i.idpel
 WHERE NOT d.ada OR p.kodeposting IS NOT NULL ORDER BY 1

-- name: status_tempat
-- Where (unit, month, kelompok) the ledger knows a customer, the newest first; one look by key for each session asked. Ranges,
-- so that a plan made once for all values goes by the key too.
SELECT s.unitup, s.thblrek, s.hari_baca, max(s.zona_waktu) AS zona_waktu
  FROM pengesahan.sesi s
  JOIN LATERAL (SELECT 1 FROM pengesahan.bacaan b WHERE b.sesi_id = s.id AND b.idpel = :idpel
                UNION ALL
                SELECT 1 FROM pengesahan.saringan g WHERE g.sesi_id = s.id AND g.idpel = :idpel
                UNION ALL
                SELECT 1 FROM pengesahan.hasil h WHERE h.sesi_id = s.id AND h.idpel = :idpel
                UNION ALL
                SELECT 1 FROM pengesahan.luar_sistem l WHERE l.sesi_id = s.id AND l.idpel = :idpel
                UNION ALL
                SELECT 1 FROM pengesahan.suplai_terlihat t WHERE t.sesi_id = s.id AND t.idpel = :idpel
                LIMIT 1) ada ON true
 WHERE s.unitup BETWEEN :unit_dari AND :unit_sampai AND s.thblrek BETWEEN :bulan_dari AND :bulan_sampai
   AND s.dibuka_pada <= :pada
 GROUP BY s.unitup, s.thblrek, s.hari_baca ORDER BY s.thblrek DESC, max(s.id) DESC

-- name: sesi_tempat
-- The sessions of some kelompok of a unit, in order.
SELECT s.* FROM pengesahan.sesi s
  JOIN unnest(CAST(:thblrek AS text[]), CAST(:hari_baca AS text[])) t (thblrek, hari_baca)
    ON t.thblrek = s.thblrek AND t.hari_baca = s.hari_baca
 WHERE s.unitup = :unitup AND s.dibuka_pada <= :pada ORDER BY s.id

-- name: cuplikan_pelanggan
-- Customers' readings as each of these sessions' snapshots has them, and what the sieve said of each, in the order of sessions.
SELECT t.id, p.idpel AS kunci, b.*, g.daya AS daya_saring, g.kwh, g.jam_nyala, g.hasil, g.alasan, g.dlpd, g.lalu_bulan, g.lalu_lwbp, g.lalu_wbp,
       g.lalu_fkm, g.kwh_kirim
  FROM unnest(CAST(:sesi AS bigint[])) t (id) CROSS JOIN unnest(CAST(:idpel AS text[])) p (idpel)
  LEFT JOIN LATERAL (SELECT * FROM pengesahan.bacaan l WHERE l.sesi_id = t.id AND l.idpel = p.idpel LIMIT 1) b ON true
  LEFT JOIN LATERAL (SELECT * FROM pengesahan.saringan l WHERE l.sesi_id = t.id AND l.idpel = p.idpel LIMIT 1) g ON true
 WHERE b.idpel IS NOT NULL OR g.idpel IS NOT NULL ORDER BY t.id

-- name: riwayat_pelanggan
-- What happened to one customer in some sessions, in the order of sessions and steps: when, what, by whom, in which session.
WITH ses AS MATERIALIZED (
    SELECT s.id, s.nomor, s.jenis, s.status, s.diakhiri_pada, s.keterangan,
           (EXISTS (SELECT 1 FROM pengesahan.bacaan b WHERE b.sesi_id = s.id AND b.idpel = :idpel)
            OR EXISTS (SELECT 1 FROM pengesahan.saringan g WHERE g.sesi_id = s.id AND g.idpel = :idpel)) AS terbaca,
           EXISTS (SELECT 1 FROM pengesahan.pembatalan_baris r WHERE r.sesi_id = s.id AND r.idpel = :idpel) AS dimuat
      FROM pengesahan.sesi s
     WHERE s.id = ANY (CAST(:sesi AS bigint[]))
), ikut AS (
    SELECT * FROM ses WHERE terbaca OR dimuat
), tonggak AS MATERIALIZED (
    SELECT ikut.id, ikut.nomor, ikut.jenis AS jenis_sesi, j.pada, j.jenis, j.pelaku
      FROM ikut JOIN LATERAL (
          -- the last snapshot, and when that one was first sieved
          SELECT DISTINCT ON (t.jenis) t.jenis, t.pada, t.pelaku FROM pengesahan.jejak t
           WHERE t.sesi_id = ikut.id AND t.jenis IN ('CUPLIKAN_DIAMBIL', 'DISARING')
             AND t.id >= (SELECT max(c.id) FROM pengesahan.jejak c
                           WHERE c.sesi_id = ikut.id AND c.jenis = 'CUPLIKAN_DIAMBIL')
           ORDER BY t.jenis, t.id) j ON true
)
SELECT k.pada, k.apa, k.oleh, k.nomor, nullif(k.keterangan, '') AS keterangan
  FROM (
    SELECT t.id, 20 AS langkah, t.pada, CASE WHEN t.jenis_sesi = 'PEMBATALAN' THEN 'PEMBATALAN_DIPERIKSA' ELSE 'CUPLIKAN' END AS apa,
           'sistem' AS oleh, t.nomor, (SELECT coalesce(r.sebab, p.alasan)
                                         FROM pengesahan.pembatalan_baris r JOIN pengesahan.pembatalan p ON p.sesi_id = r.sesi_id
                                        WHERE r.sesi_id = t.id AND r.idpel = :idpel) AS keterangan
      FROM tonggak t WHERE t.jenis = 'CUPLIKAN_DIAMBIL'
    UNION ALL
    SELECT t.id, 30, t.pada, CASE g.hasil WHEN 'DITAHAN' THEN 'TERTAHAN' ELSE 'LOLOS' END, 'sistem', t.nomor,
           concat_ws(', ', nullif(array_to_string(g.alasan || g.dlpd, ', '), ''),
                     CASE WHEN g.lalu_bulan IS NOT NULL THEN
                         format('stan lalu %s; akhir bulan %s %s',
                                concat_ws(' ', trim_scale(b.slalwbp), 'WBP ' || trim_scale(b.slawbp), 'faktor ' || trim_scale(b.fkmkwh)),
                                g.lalu_bulan, concat_ws(' ', trim_scale(g.lalu_lwbp), 'WBP ' || trim_scale(g.lalu_wbp),
                                                        'faktor ' || trim_scale(g.lalu_fkm))) END)
      FROM tonggak t JOIN pengesahan.saringan g ON g.sesi_id = t.id AND g.idpel = :idpel
      LEFT JOIN pengesahan.bacaan b ON b.sesi_id = t.id AND b.idpel = g.idpel
     WHERE t.jenis = 'DISARING'
    UNION ALL
    SELECT ikut.id, 50 + 3 * g.urutan, g.dibuka_pada, 'GERBANG_DIBUKA', 'sistem', ikut.nomor, 'ditanyakan kepada ' || array_to_string(g.orang, ', ')
      FROM ikut JOIN pengesahan.gerbang g ON g.sesi_id = ikut.id
    UNION ALL
    SELECT ikut.id, 51 + 3 * p.urutan, p.dicatat_pada, CASE WHEN p.keputusan = 'TOLAK' THEN 'DITOLAK_PENGESAH' ELSE 'DISETUJUI' END, p.oleh,
           ikut.nomor, p.catatan
      FROM ikut JOIN pengesahan.persetujuan p ON p.sesi_id = ikut.id
     -- an answer is about the rows that passed, less those that it or the answer before it sent back
     WHERE NOT EXISTS (SELECT 1 FROM pengesahan.persetujuan q
                        WHERE q.sesi_id = p.sesi_id AND q.urutan <= p.urutan AND CAST(:idpel AS text) = ANY (q.kembalikan))
       AND (EXISTS (SELECT 1 FROM pengesahan.saringan g WHERE g.sesi_id = ikut.id AND g.idpel = :idpel AND g.hasil = 'LOLOS')
            OR EXISTS (SELECT 1 FROM pengesahan.pembatalan_baris r
                        WHERE r.sesi_id = ikut.id AND r.idpel = :idpel AND r.hasil = 'BOLEH'))
    UNION ALL
    SELECT ikut.id, 52 + 3 * p.urutan, p.dicatat_pada, 'DIKEMBALIKAN', p.oleh, ikut.nomor, coalesce(m.alasan, p.catatan)
      FROM ikut JOIN pengesahan.persetujuan p ON p.sesi_id = ikut.id
      LEFT JOIN pengesahan.pengembalian m ON m.sesi_id = p.sesi_id AND m.idpel = :idpel AND m.urutan = p.urutan
     WHERE CAST(:idpel AS text) = ANY (p.kembalikan)
    UNION ALL
    SELECT ikut.id, 90, m.selesai_pada, 'PENGEMBALIAN_' || m.status, m.oleh, ikut.nomor, m.cara
      FROM ikut JOIN pengesahan.pengembalian m ON m.sesi_id = ikut.id AND m.idpel = :idpel
     WHERE m.selesai_pada IS NOT NULL
    UNION ALL
    SELECT ikut.id, 60, b.dikirim_pada, 'BATCH_DIKIRIM', b.oleh, ikut.nomor, 'batch ' || b.kunci
      FROM ikut JOIN pengesahan.batch b ON b.sesi_id = ikut.id AND CAST(:idpel AS text) = ANY (b.idpel)
    UNION ALL
    SELECT ikut.id, 60, b.selesai_pada, 'BATCH_' || b.status, 'sistem', ikut.nomor, b.keterangan
      FROM ikut JOIN pengesahan.batch b ON b.sesi_id = ikut.id AND CAST(:idpel AS text) = ANY (b.idpel)
     WHERE b.status = 'BATAL'
    UNION ALL
    SELECT ikut.id, 70, h.pada, h.status, coalesce(b.oleh, 'sistem'), ikut.nomor, concat_ws(', ', h.kode, h.pesan)
      FROM ikut JOIN pengesahan.hasil h ON h.sesi_id = ikut.id AND h.idpel = :idpel
      LEFT JOIN pengesahan.batch b ON b.kunci = h.kunci
    UNION ALL
    SELECT ses.id, CASE l.tahap WHEN 'CUPLIKAN' THEN 10 ELSE 80 END, l.ditemukan_pada, 'DILUAR_SISTEM_' || l.kejadian, coalesce(l.oleh, '-'), ses.nomor,
           concat_ws(', ', 'kodeposting ' || l.kodeposting, 'nomor ' || l.no_pengesahan, 'menurut AP2T ' || l.waktu)
      FROM ses JOIN pengesahan.luar_sistem l ON l.sesi_id = ses.id AND l.idpel = :idpel
    UNION ALL
    SELECT ses.id, 40, t.pada, 'SUPLAI_STAN', 'sistem', ses.nomor, 'kodeposting 3'
      FROM ses JOIN pengesahan.suplai_terlihat t ON t.sesi_id = ses.id AND t.idpel = :idpel
    UNION ALL
    SELECT ikut.id, 110, a.diarsipkan_pada, 'BACAAN_DIARSIPKAN', a.oleh, ikut.nomor, a.berkas
      FROM ikut JOIN pengesahan.arsip a ON a.sesi_id = ikut.id
    UNION ALL
    SELECT ikut.id, 100, ikut.diakhiri_pada, 'SESI_' || ikut.status, 'sistem', ikut.nomor, NULL
      FROM ikut WHERE ikut.diakhiri_pada IS NOT NULL
  ) k
 WHERE k.pada <= :pada ORDER BY k.id, k.langkah, k.pada, k.apa

-- name: rekap_bulan
-- The newest month in which the ledger knows one of these units.
SELECT max(thblrek) FROM pengesahan.sesi WHERE unitup = ANY (CAST(:unitup AS text[])) AND dibuka_pada <= :pada

-- name: rekap_sesi
-- Every session of some units in a month as of a moment: what it changed in the sums, what it saw of ACMT and AP2T, what its
-- sieve counted, who answered. Reads no customer's row.
SELECT s.id, s.nomor AS sesi, s.jenis, s.unitup, s.thblrek, s.hari_baca, s.putaran, s.pemicu, s.dibuka_pada AS dimulai,
       CASE WHEN s.diakhiri_pada <= :pada OR CAST(:pada AS timestamptz) = 'infinity' THEN s.status ELSE 'TERBUKA' END AS status,
       CASE WHEN s.diakhiri_pada <= :pada OR CAST(:pada AS timestamptz) = 'infinity' THEN s.tahap END AS tahap,
       CASE WHEN s.diakhiri_pada <= :pada THEN s.diakhiri_pada END AS berakhir,
       coalesce(n.sudah, 0) AS sudah_disahkan, coalesce(n.suplai, 0) AS suplai_stan, coalesce(n.batal, 0) AS dibatalkan,
       coalesce(n.luar, 0) AS diluar_sistem, coalesce(n.kwh, 0) AS kwh_disahkan,
       coalesce(j.dilihat, '{}') AS dilihat, p.pengesah, p.dijawab, p.keputusan, coalesce(p.dikembalikan, 0) AS dikembalikan
  FROM pengesahan.sesi s
  LEFT JOIN LATERAL (SELECT sum(h.sudah) AS sudah, sum(h.suplai) AS suplai, sum(h.batal) AS batal, sum(h.luar) AS luar,
                            sum(h.kwh) AS kwh
                       FROM pengesahan.hitungan h WHERE h.sesi_id = s.id AND h.pada <= :pada) n ON true
  LEFT JOIN LATERAL (SELECT jsonb_object_agg(n.kunci, k.isi) AS dilihat
                       FROM (VALUES ('CUPLIKAN_DIAMBIL'), ('DISARING'), ('KESIAPAN STAN_TERISI'), ('KESIAPAN TERVERIFIKASI'),
                                    ('KESIAPAN TERKIRIM')) n (kunci)
                      CROSS JOIN LATERAL (
                          SELECT t.isi - 'kurang' || jsonb_build_object('pada', t.pada, 'jejak', t.id) AS isi FROM pengesahan.jejak t
                           WHERE t.sesi_id = s.id AND t.jenis IN ('CUPLIKAN_DIAMBIL', 'DISARING', 'KESIAPAN')
                             AND t.jenis || coalesce(' ' || (t.isi ->> 'tahap'), '') = n.kunci AND t.pada <= :pada
                           ORDER BY t.id DESC LIMIT 1) k) j ON true
  LEFT JOIN LATERAL (SELECT string_agg(a.oleh, ', ' ORDER BY a.urutan) AS pengesah, max(a.dicatat_pada) AS dijawab,
                            (array_agg(a.keputusan ORDER BY a.urutan DESC))[1] AS keputusan,
                            (SELECT count(DISTINCT i) FROM pengesahan.persetujuan b, unnest(b.kembalikan) i
                              WHERE b.sesi_id = s.id AND b.dicatat_pada <= :pada) AS dikembalikan
                       FROM pengesahan.persetujuan a WHERE a.sesi_id = s.id AND a.dicatat_pada <= :pada) p ON true
 WHERE s.unitup = ANY (CAST(:unitup AS text[])) AND s.thblrek = :thblrek
   AND (CAST(:hari_baca AS text) IS NULL OR s.hari_baca = :hari_baca) AND s.dibuka_pada <= :pada
 ORDER BY s.unitup, s.hari_baca, s.id

-- name: rekap_susut
-- Of the customers a session's sieve holds, those who are not held any more as of a moment: sent back, or posted by others as was
-- found after the sieve, by a comparison of that session or by any later one.
WITH akhir AS (
    SELECT s.id, s.unitup, s.thblrek, s.hari_baca FROM pengesahan.sesi s WHERE s.id = ANY (CAST(:sesi AS bigint[]))
), calon AS (
    SELECT a.id, k.idpel COLLATE "C" AS idpel, true AS kembali
      FROM akhir a JOIN pengesahan.persetujuan p ON p.sesi_id = a.id CROSS JOIN LATERAL unnest(p.kembalikan) k (idpel)
     WHERE p.dicatat_pada <= :pada
    UNION
    SELECT a.id, l.idpel COLLATE "C", false
      FROM akhir a
      JOIN pengesahan.sesi s ON s.unitup = a.unitup AND s.thblrek = a.thblrek AND s.hari_baca = a.hari_baca AND s.id >= a.id
      JOIN LATERAL (SELECT x.idpel FROM pengesahan.luar_sistem x
                     WHERE x.sesi_id = s.id AND x.kodeposting > 0 AND x.ditemukan_pada <= :pada
                       AND (x.tahap = 'REKONSILIASI' OR s.id > a.id)
                    UNION ALL
                    SELECT t.idpel FROM pengesahan.suplai_terlihat t
                     WHERE t.sesi_id = s.id AND t.pada <= :pada) l ON true
), tertahan AS MATERIALIZED (
    SELECT a.id, a.unitup, a.thblrek, a.hari_baca, g.idpel, bool_or(c.kembali) AS kembali,
           bool_or('JAM_NYALA' = ANY (g.alasan)) AS jam_nyala
      FROM calon c JOIN akhir a ON a.id = c.id
      JOIN pengesahan.saringan g ON g.sesi_id = c.id AND g.idpel = c.idpel AND g.hasil = 'DITAHAN'
     GROUP BY 1, 2, 3, 4, 5
)
SELECT t.id, count(*) AS ditahan, count(*) FILTER (WHERE t.jam_nyala) AS jam_nyala FROM tertahan t
 WHERE t.kembali
    OR (SELECT g.kodeposting FROM pengesahan.gerak_posisi g
         WHERE g.unitup = t.unitup AND g.thblrek = t.thblrek AND g.hari_baca = t.hari_baca AND g.idpel = t.idpel
           AND g.pada <= :pada AND (g.sampai IS NULL OR g.sampai > :pada)) > 0
 GROUP BY t.id
