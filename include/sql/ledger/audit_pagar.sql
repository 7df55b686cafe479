-- Guards that are switched off, gone, or no longer what this project's migrations (the bound values) put up; tables that are
-- something else than tables; rights that nobody but the owner should have. Constraints are known by their names.
WITH objek AS (
    SELECT c.* FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'pengesahan'
), fungsi AS (
    SELECT * FROM jsonb_to_recordset(CAST(:fungsi AS jsonb)) AS f (nama text, bahasa text, sebagai_pemilik boolean, isi text)
), fungsi_ada AS (
    SELECT p.oid, p.proname::text AS nama, l.lanname::text AS bahasa, p.prosecdef AS sebagai_pemilik, p.prosrc AS isi,
           coalesce(p.proconfig, '{}') @> ARRAY['search_path=pg_catalog, pg_temp'] AS terkurung
      FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      JOIN pg_catalog.pg_language l ON l.oid = p.prolang
     WHERE n.nspname = 'pengesahan'
), pemicu AS (
    SELECT * FROM jsonb_to_recordset(CAST(:pemicu AS jsonb)) AS p (tabel text, nama text, fungsi text, jenis integer)
), pemicu_ada AS (
    SELECT c.relname::text AS tabel, t.tgname::text AS nama, f.nama AS fungsi, t.tgtype::integer AS jenis, t.tgenabled,
           t.tgisinternal, t.tgqual IS NOT NULL OR cardinality(t.tgattr::smallint[]) > 0 AS sebagian
      FROM pg_catalog.pg_trigger t JOIN objek c ON c.oid = t.tgrelid LEFT JOIN fungsi_ada f ON f.oid = t.tgfoid
), batasan AS (
    SELECT split_part(b, '.', 1) AS tabel, split_part(b, '.', 2) AS nama FROM regexp_split_to_table('
    arsip.arsip_alasan_check arsip.arsip_baris_check arsip.arsip_berkas_check arsip.arsip_pkey arsip.arsip_sesi_id_fkey
    arsip.arsip_sidik_berkas_check bacaan.bacaan_pkey bacaan.bacaan_sesi_id_fkey batch.batch_check batch.batch_idpel_check batch.batch_pkey
    batch.batch_sesi_id_fkey batch.batch_status_check gerbang.gerbang_orang_check gerbang.gerbang_pkey
    gerbang.gerbang_sesi_id_fkey gerbang.gerbang_urutan_check hasil.hasil_check hasil.hasil_kodeposting_check
    hasil.hasil_kunci_fkey hasil.hasil_pkey hasil.hasil_sesi_id_fkey hasil.hasil_status_check
    hitungan.hitungan_pkey hitungan.hitungan_sesi_id_fkey identitas.identitas_pkey identitas.identitas_satu_check jejak.jejak_pkey jejak_kepala.jejak_kepala_pkey
    jadwal.jadwal_hari_baca_check jadwal.jadwal_jumlah_hari_check jadwal.jadwal_pkey jadwal.jadwal_run
    jadwal.jadwal_sebab_check jadwal.jadwal_thblrek_check jadwal.jadwal_unitup_check jadwal_cacat.jadwal_cacat_pkey
    jejak_kepala.jejak_kepala_satu_check konfigurasi.konfigurasi_alasan_check konfigurasi.konfigurasi_isi_check
    konfigurasi.konfigurasi_pkey luar_sistem.luar_sistem_kejadian_check
    luar_sistem.luar_sistem_kodeposting_check luar_sistem.luar_sistem_pkey luar_sistem.luar_sistem_sesi_id_fkey
    luar_sistem.luar_sistem_tahap_check
    pemberitahuan.pemberitahuan_peristiwa_kepada_saluran_key pemberitahuan.pemberitahuan_pkey
    pemberitahuan.pemberitahuan_sesi_id_fkey pemberitahuan.pemberitahuan_status_check
    pemberitahuan_kursor.pemberitahuan_kursor_pkey pemberitahuan_kursor.pemberitahuan_kursor_satu_check
    peristiwa_airflow.peristiwa_airflow_pkey peristiwa_kursor.peristiwa_kursor_pkey
    peristiwa_kursor.peristiwa_kursor_satu_check persetujuan.persetujuan_keputusan_check
    pembatalan.pembatalan_alasan_check pembatalan.pembatalan_cakupan_check pembatalan.pembatalan_diminta
    pembatalan.pembatalan_pkey pembatalan.pembatalan_sesi_id_fkey pembatalan_baris.pembatalan_baris_asal_fkey
    pembatalan_baris.pembatalan_baris_hasil_check pembatalan_baris.pembatalan_baris_kodeposting_check
    pembatalan_baris.pembatalan_baris_pkey pembatalan_baris.pembatalan_baris_sesi_id_fkey
    pembatalan_baris.pembatalan_posting_1 pembatalan_baris.pembatalan_sebab pengembalian.pengembalian_alasan_check
    pengembalian.pengembalian_check pengembalian.pengembalian_check1 pengembalian.pengembalian_check2
    pengembalian.pengembalian_check3 pengembalian.pengembalian_check4 pengembalian.pengembalian_kali_check
    pengembalian.pengembalian_pkey pengembalian.pengembalian_sesi_id_urutan_fkey
    pengembalian.pengembalian_status_check
    jawaban_tiba.jawaban_tiba_isian_check jawaban_tiba.jawaban_tiba_oleh_check jawaban_tiba.jawaban_tiba_pilihan_check
    jawaban_tiba.jawaban_tiba_pkey jawaban_tiba.jawaban_tiba_sesi_id_urutan_fkey
    jawaban_tiba.jawaban_tiba_sesi_id_urutan_oleh_dijawab_pada_key persetujuan.persetujuan_tiba_fkey
    persetujuan.persetujuan_pkey persetujuan.persetujuan_sesi_id_urutan_fkey saringan.jam_nyala_2000 saringan.lalu_bersama_tanda
    saringan.saringan_check saringan.saringan_hasil_check saringan.saringan_pkey saringan.saringan_sesi_id_fkey
    sesi.pembatalan_satu_pengesah sesi.sesi_batas_jam_nyala_check sesi.sesi_batas_jawab_jam_check sesi.sesi_check sesi.sesi_check1
    sesi.sesi_dag_id_run_id_key sesi.sesi_epoch_check sesi.sesi_hari_baca_check sesi.sesi_jenis_check
    sesi.sesi_jenis_unitup_thblrek_hari_baca_putaran_key sesi.sesi_konfigurasi_fkey sesi.sesi_nomor_check
    sesi.sesi_nomor_key sesi.sesi_pengesah_check sesi.sesi_pkey sesi.sesi_pola_check sesi.sesi_putaran_check sesi.sesi_sampel_check
    sesi.sesi_sidik_check sesi.sesi_status_check sesi.sesi_tahap_check sesi.sesi_thblrek_check
    sesi.sesi_tutup_sesudah_jam_check sesi.sesi_unitup_check sesi.tenggat
    suplai_terlihat.suplai_terlihat_pkey suplai_terlihat.suplai_terlihat_sesi_id_fkey', '\s+') b
     WHERE b <> ''
), batasan_ada AS (
    SELECT c.relname::text AS tabel, k.conname::text AS nama, k.convalidated AS berlaku
      FROM pg_catalog.pg_constraint k JOIN objek c ON c.oid = k.conrelid
), hak AS (
    SELECT c.relname, NULL::name AS kolom, a.grantee, a.privilege_type AS hak
      FROM objek c, LATERAL aclexplode(c.relacl) a WHERE c.relkind IN ('r', 'v') AND a.grantee <> c.relowner
    UNION ALL
    SELECT c.relname, k.attname, a.grantee, a.privilege_type
      FROM objek c JOIN pg_catalog.pg_attribute k ON k.attrelid = c.oid, LATERAL aclexplode(k.attacl) a
     WHERE a.grantee <> c.relowner
)
SELECT format('pagar %s pada tabel %s dimatikan', nama, tabel) AS apa FROM pemicu_ada WHERE tgenabled <> 'O'
UNION ALL
SELECT format('pagar %s pada tabel %s tidak ada', p.nama, p.tabel)
  FROM pemicu p WHERE NOT EXISTS (SELECT 1 FROM pemicu_ada a WHERE a.tabel = p.tabel AND a.nama = p.nama)
UNION ALL
SELECT format('pagar %s pada tabel %s bukan lagi yang dipasang proyek ini', p.nama, p.tabel)
  FROM pemicu p JOIN pemicu_ada a ON a.tabel = p.tabel AND a.nama = p.nama
 WHERE a.sebagian OR (a.fungsi, a.jenis) IS DISTINCT FROM (p.fungsi, p.jenis)
UNION ALL
SELECT format('pemicu %s pada tabel %s bukan milik proyek ini', a.nama, a.tabel)
  FROM pemicu_ada a WHERE NOT a.tgisinternal AND NOT EXISTS (SELECT 1 FROM pemicu p WHERE p.tabel = a.tabel AND p.nama = a.nama)
UNION ALL
SELECT format('fungsi %s %s', coalesce(f.nama, a.nama), CASE WHEN a.nama IS NULL THEN 'tidak ada'
              WHEN f.nama IS NULL THEN 'bukan milik proyek ini' ELSE 'bukan lagi yang dipasang proyek ini' END)
  FROM fungsi f FULL JOIN fungsi_ada a ON a.nama = f.nama
 WHERE (a.bahasa, a.sebagai_pemilik, a.isi, a.terkurung) IS DISTINCT FROM (f.bahasa, f.sebagai_pemilik, f.isi, true)
UNION ALL
SELECT format('tabel %s bukan tabel biasa (lagi): hilang, diganti tampilan, beraturan, berkebijakan baris, atau bercabang', t)
  FROM unnest(CAST(:tabel AS text[])) t
 WHERE NOT EXISTS (SELECT 1 FROM objek c
                    WHERE c.relname = t AND c.relkind = 'r' AND c.relpersistence = 'p' AND NOT c.relrowsecurity
                      AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid)
                      AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid))
UNION ALL
SELECT format('batasan %s pada tabel %s tidak ada atau tidak berlaku', b.nama, b.tabel)
  FROM batasan b WHERE NOT EXISTS (SELECT 1 FROM batasan_ada a WHERE a.tabel = b.tabel AND a.nama = b.nama AND a.berlaku)
UNION ALL
SELECT 'indeks sesi_satu_terbuka tidak ada atau tidak berlaku'
 WHERE NOT EXISTS (SELECT 1 FROM objek c JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
                    WHERE c.relname = 'sesi_satu_terbuka' AND i.indisunique AND i.indisvalid)
UNION ALL
SELECT format('peran %s berhak %s pada tabel %s', CASE h.grantee WHEN 0 THEN 'PUBLIC' ELSE h.grantee::regrole::text END, h.hak,
              h.relname || coalesce(' kolom ' || h.kolom, ''))
  FROM hak h
 WHERE h.hak IN ('DELETE', 'TRUNCATE', 'TRIGGER')
    OR (h.hak = 'UPDATE' AND (h.kolom IS NULL OR h.relname NOT IN ('sesi', 'batch', 'pengembalian', 'jadwal', 'pemberitahuan',
                                                                   'pemberitahuan_kursor', 'peristiwa_kursor')))
    OR (h.hak = 'INSERT' AND (h.relname IN ('arsip', 'jejak_kepala', 'konfigurasi', 'identitas', 'versi_skema', 'hitungan', 'suplai_terlihat')
                              OR (h.kolom IS NULL
                                  AND h.relname NOT IN ('bacaan', 'saringan', 'jejak', 'peristiwa_airflow'))))
 ORDER BY apa
