-- Guards that are switched off, or gone.
SELECT format('pagar %s pada tabel %s dimatikan', t.tgname, c.relname) AS apa
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'pengesahan' AND t.tgenabled <> 'O'
UNION ALL
SELECT format('pagar %s pada tabel %s tidak ada', p.pagar, p.tabel)
  FROM (VALUES ('jejak', 'rangkai_jejak'), ('jejak', 'hanya_tambah'), ('sesi', 'jaga_sesi'), ('sesi', 'hanya_tambah'),
               ('bacaan', 'jaga_bacaan'), ('saringan', 'jaga_saringan'), ('gerbang', 'jaga_gerbang'),
               ('gerbang', 'hanya_tambah'), ('persetujuan', 'jaga_persetujuan'), ('persetujuan', 'hanya_tambah'),
               ('batch', 'jaga_batch'), ('batch', 'jaga_batch_ubah'), ('batch', 'hanya_tambah'),
               ('hasil', 'jaga_hasil'), ('hasil', 'hanya_tambah'), ('luar_sistem', 'hanya_tambah'),
               ('sesi', 'jaga_pola'), ('konfigurasi', 'susun_konfigurasi'), ('konfigurasi', 'hanya_tambah'),
               ('peristiwa_airflow', 'hanya_tambah'), ('identitas', 'hanya_tambah')) AS p (tabel, pagar)
 WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger t
                     JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
                     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = 'pengesahan' AND c.relname = p.tabel AND t.tgname = p.pagar)
 ORDER BY apa
