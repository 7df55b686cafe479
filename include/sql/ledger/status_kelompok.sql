-- What the ledger knew of the customers of a kelompok at a moment, by idpel: the last fact about AP2T, and the last session
-- whose snapshot holds the customer, with what it says of the row. A snapshot that was taken anew later is not known: of
-- such a moment only those are told whose place in AP2T is.
WITH semua AS MATERIALIZED (
    SELECT s.id, s.nomor, s.zona_waktu, s.pengesah, s.sidik, s.diakhiri_pada, c.cuplikan_pada,
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
    SELECT s.id, s.nomor, s.zona_waktu, s.cuplikan_pada,
           (s.diakhiri_pada IS NULL OR s.diakhiri_pada > :pada) AS terbuka,
           (s.saring_pada <= :pada) IS TRUE AS tersaring,
           ((SELECT min(g.dibuka_pada) FROM pengesahan.gerbang g WHERE g.sesi_id = s.id) <= :pada) IS TRUE AS menunggu,
           (SELECT count(*) FROM pengesahan.persetujuan p
             WHERE p.sesi_id = s.id AND p.keputusan = 'SETUJU' AND p.sidik = s.sidik AND p.urutan <= s.pengesah
               AND p.dicatat_pada <= :pada) = s.pengesah AS disetujui
      FROM semua s
     WHERE s.cuplikan_pada <= :pada
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
      FROM pengesahan.gerak_posisi g
      JOIN pengesahan.sesi s ON s.id = coalesce(g.kwh_sesi, g.sesi_id)
     WHERE g.unitup = :unitup AND g.thblrek = :thblrek AND g.hari_baca = :hari_baca
       AND g.idpel >= :dari AND g.idpel <= :sampai AND g.pada <= :pada AND (g.sampai IS NULL OR g.sampai > :pada)
), kembali AS (
    SELECT p.sesi_id, k.idpel COLLATE "C" AS idpel, min(p.dicatat_pada) AS pada,
           bool_or(m.idpel IS NOT NULL AND (m.selesai_pada IS NULL OR m.selesai_pada > :pada)) AS acmt_belum
      FROM ses JOIN pengesahan.persetujuan p ON p.sesi_id = ses.id CROSS JOIN LATERAL unnest(p.kembalikan) k (idpel)
      LEFT JOIN pengesahan.pengembalian m ON m.sesi_id = p.sesi_id AND m.idpel = k.idpel COLLATE "C"
     WHERE p.dicatat_pada <= :pada AND k.idpel >= :dari AND k.idpel <= :sampai
     GROUP BY 1, 2
)
SELECT coalesce(i.idpel, p.idpel) AS kunci, p.kodeposting, p.pada AS posisi_pada, p.nomor AS posisi_nomor, p.luar,
       CASE WHEN NOT d.ada OR p.kodeposting > 0 THEN s.nomor END AS nomor, s.cuplikan_pada, s.terbuka, s.tersaring, s.menunggu, s.disetujui,
       CASE WHEN s.tersaring THEN g.alasan END AS alasan, CASE WHEN s.tersaring THEN g.dlpd END AS dlpd,
       CASE WHEN s.tersaring THEN g.kwh END AS kwh, CASE WHEN s.tersaring THEN g.jam_nyala END AS jam_nyala,
       h.status AS hasil, h.kode, h.pada AS hasil_pada, k.pada AS dikembalikan_pada, coalesce(k.acmt_belum, false) AS acmt_belum,
       (s.id < t.id AND (p.sesi_id IS NULL OR (p.sesi_id, p.langkah) < (t.id, 1))) IS TRUE AS ditinggal,
       b.idpel, b.unitup, b.thblrek, b.hari_baca, b.kddk, b.nama, b.tarif, b.daya, b.fkmkwh, b.fkmkvarh, b.digit_meter, b.tgl_baca, b.slalwbp, b.sahlwbp,
       b.slawbp, b.sahwbp, b.slakvarh, b.sahkvarh, b.lwbpcabut, b.lwbppasang, b.wbpcabut, b.wbppasang, b.fkmkwh_lama,
       b.pemkwh, b.verif_pengawas_oleh, b.verif_pengawas_pada, b.verif_vendor_oleh, b.verif_vendor_pada, b.kirim_oleh,
       b.kirim_pada, b.diubah_pada, b.cacat
  FROM inklusi i
  JOIN ses s ON s.id = i.sesi_id
  LEFT JOIN pengesahan.bacaan b ON b.sesi_id = i.sesi_id AND b.idpel = i.idpel
  FULL JOIN posisi p ON p.idpel = i.idpel
  LEFT JOIN terakhir t ON true
  CROSS JOIN diulang d
  LEFT JOIN pengesahan.saringan g ON g.sesi_id = i.sesi_id AND g.idpel = i.idpel
  LEFT JOIN pengesahan.hasil h ON h.sesi_id = i.sesi_id AND h.idpel = i.idpel AND h.pada <= :pada
  LEFT JOIN kembali k ON k.sesi_id = i.sesi_id AND k.idpel = i.idpel
 WHERE NOT d.ada OR p.kodeposting IS NOT NULL
 ORDER BY 1
