-- Each version of the configuration against its own digest and the entry that brought it.
SELECT format('konfigurasi versi %s berbeda dari sidiknya', k.versi) AS apa FROM pengesahan.konfigurasi k
 WHERE k.sidik <> encode(sha256(convert_to(k.isi::text, 'UTF8')), 'hex')
UNION ALL
SELECT format('konfigurasi versi %s tidak sesuai jejak KONFIGURASI_DITERAPKAN', coalesce(k.versi::text, j.isi ->> 'versi'))
  FROM pengesahan.konfigurasi k
  FULL JOIN (SELECT isi FROM pengesahan.jejak WHERE jenis = 'KONFIGURASI_DITERAPKAN') j
    ON j.isi ->> 'versi' = k.versi::text AND j.isi ->> 'sidik' = k.sidik
 WHERE k.versi IS NULL OR j.isi IS NULL
UNION ALL
SELECT format('konfigurasi versi %s: %s berbeda dari jejak nomor %s', k.versi, b.apa, j.id)
  FROM pengesahan.konfigurasi k
  JOIN (SELECT id, pelaku, isi FROM pengesahan.jejak WHERE jenis = 'KONFIGURASI_DITERAPKAN') j ON j.isi ->> 'versi' = k.versi::text,
       LATERAL (VALUES ('oleh', j.pelaku = k.oleh), ('alasan', j.isi ->> 'alasan' = k.alasan),
                       ('teks', j.isi ->> 'sidik_teks' = encode(sha256(convert_to(k.teks, 'UTF8')), 'hex')),
                       ('berlaku_sejak', (j.isi ->> 'berlaku_sejak')::timestamptz = k.berlaku_sejak)) AS b (apa, sama)
 WHERE b.sama IS NOT TRUE ORDER BY apa
