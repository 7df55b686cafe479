INSERT INTO pengesahan.sesi (nomor, jenis, unitup, thblrek, hari_baca, putaran, dag_id, run_id, pola, pengesah,
                             batas_jam_nyala, batas_jawab_jam, tutup_sesudah_jam, eskalasi, konfigurasi, sampel,
                             versi_aturan, versi_kode, nama_unit, zona_waktu, pemicu)
SELECT concat_ws('-', CASE CAST(:jenis AS text) WHEN 'PENGESAHAN' THEN 'PS' ELSE 'PB' END,
                 CAST(:unitup AS text), CAST(:thblrek AS text), CAST(:hari_baca AS text),
                 lpad(p.putaran::text, 2, '0'), CAST(:acak AS text)),
       CAST(:jenis AS text), :unitup, :thblrek, :hari_baca, p.putaran, :dag_id, :run_id, :pola, :pengesah,
       :batas_jam_nyala, CAST(:batas_jawab_jam AS numeric), CAST(:tutup_sesudah_jam AS numeric),
       CAST(:eskalasi AS text[]), CAST(:konfigurasi AS integer), CAST(:sampel AS integer),
       :versi_aturan, :versi_kode, :nama_unit, :zona_waktu, :pemicu
  FROM (SELECT coalesce(max(putaran), 0) + 1 AS putaran
          FROM pengesahan.sesi
         WHERE jenis = CAST(:jenis AS text) AND unitup = :unitup AND thblrek = :thblrek AND hari_baca = :hari_baca) p
RETURNING *
