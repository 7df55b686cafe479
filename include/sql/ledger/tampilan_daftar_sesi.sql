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
