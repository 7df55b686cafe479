-- What happened to one customer in the sessions of its kelompok, in the order of sessions and steps: when, what, by whom, in which
-- session.
WITH ses AS MATERIALIZED (
    SELECT s.id, s.nomor, s.jenis, s.status, s.diakhiri_pada, s.keterangan,
           (EXISTS (SELECT 1 FROM pengesahan.bacaan b WHERE b.sesi_id = s.id AND b.idpel = :idpel)
            OR EXISTS (SELECT 1 FROM pengesahan.saringan g WHERE g.sesi_id = s.id AND g.idpel = :idpel)) AS terbaca,
           EXISTS (SELECT 1 FROM pengesahan.pembatalan_baris r WHERE r.sesi_id = s.id AND r.idpel = :idpel) AS dimuat
      FROM pengesahan.sesi s
     WHERE s.unitup = :unitup AND s.thblrek = :thblrek AND s.hari_baca = :hari_baca AND s.dibuka_pada <= :pada
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
SELECT k.pada, k.apa, k.oleh, k.nomor, k.keterangan
  FROM (
    SELECT t.id, 20 AS langkah, t.pada, CASE WHEN t.jenis_sesi = 'PEMBATALAN' THEN 'PEMBATALAN_DIPERIKSA' ELSE 'CUPLIKAN' END AS apa,
           'sistem' AS oleh, t.nomor, (SELECT r.sebab FROM pengesahan.pembatalan_baris r
                                        WHERE r.sesi_id = t.id AND r.idpel = :idpel) AS keterangan
      FROM tonggak t WHERE t.jenis = 'CUPLIKAN_DIAMBIL'
    UNION ALL
    SELECT t.id, 30, t.pada, CASE g.hasil WHEN 'DITAHAN' THEN 'TERTAHAN' ELSE 'LOLOS' END, 'sistem', t.nomor,
           concat_ws(', ', nullif(array_to_string(g.alasan || g.dlpd, ', '), ''),
                     CASE WHEN g.lalu_bulan IS NOT NULL THEN
                         format('stan lalu %s; terakhir disahkan bulan %s %s',
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
 WHERE k.pada <= :pada
 ORDER BY k.id, k.langkah, k.pada, k.apa
