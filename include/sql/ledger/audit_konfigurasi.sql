-- Each version of the configuration against its own digest and the entry that brought it.
SELECT format('konfigurasi versi %s berbeda dari sidiknya', k.versi) AS apa
  FROM pengesahan.konfigurasi k
 WHERE k.sidik <> encode(sha256(convert_to(k.isi::text, 'UTF8')), 'hex')
UNION ALL
SELECT format('konfigurasi versi %s tidak sesuai jejak KONFIGURASI_DITERAPKAN', coalesce(k.versi::text, j.isi ->> 'versi'))
  FROM pengesahan.konfigurasi k
  FULL JOIN (SELECT isi FROM pengesahan.jejak WHERE jenis = 'KONFIGURASI_DITERAPKAN') j
    ON j.isi ->> 'versi' = k.versi::text AND j.isi ->> 'sidik' = k.sidik
 WHERE k.versi IS NULL OR j.isi IS NULL
 ORDER BY apa
