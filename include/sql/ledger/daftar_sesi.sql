SELECT s.nomor, s.jenis, s.unitup, s.thblrek, s.hari_baca, s.putaran, s.status, s.tahap, s.pemicu, s.dibuka_pada, s.diakhiri_pada,
       coalesce(s.keterangan, (SELECT format('jawaban %s diterima, menunggu ACMT', n.oleh) FROM pengesahan.jawaban_menunggu n
                                WHERE n.sesi_id = s.id ORDER BY n.id LIMIT 1)) AS keterangan, s.dag_id, s.run_id
  FROM pengesahan.sesi s
 WHERE (CAST(:unitup AS text) IS NULL OR s.unitup = :unitup)
   AND (CAST(:thblrek AS text) IS NULL OR s.thblrek = :thblrek)
   AND (CAST(:hari_baca AS text) IS NULL OR s.hari_baca = :hari_baca)
   AND (CAST(:jenis AS text) IS NULL OR s.jenis = :jenis)
   AND (CAST(:status AS text) IS NULL OR s.status = :status)
 ORDER BY s.id DESC LIMIT :batas
