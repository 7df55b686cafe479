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
 WHERE s.unitup = :unitup AND s.thblrek = :thblrek
 ORDER BY s.hari_baca, s.id DESC
