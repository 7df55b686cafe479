-- The sieve: jam nyala of what passed (invariant 2, exact), what was held against the entries that name it, and what the
-- rows were judged by against the snapshot's entry.
WITH s AS (SELECT * FROM pengesahan.sesi WHERE id = :sesi_id),
g AS (SELECT * FROM pengesahan.saringan WHERE sesi_id = :sesi_id),
-- the last sieve, unless a newer snapshot took it back
disaring AS (SELECT d.id FROM (SELECT max(id) FILTER (WHERE jenis = 'DISARING') AS id,
                                      max(id) FILTER (WHERE jenis = 'CUPLIKAN_DIAMBIL') AS cuplikan
                                 FROM pengesahan.jejak WHERE sesi_id = :sesi_id) d
              WHERE d.id > d.cuplikan),
sebut AS (SELECT k.key AS alasan, i.idpel
            FROM pengesahan.jejak j, disaring d, jsonb_each(j.isi) k, jsonb_array_elements_text(k.value) i (idpel)
           WHERE j.sesi_id = :sesi_id AND j.jenis = 'DITAHAN' AND j.id > d.id),
ditahan AS (SELECT a AS alasan, g.idpel FROM g, unnest(g.alasan) a)
SELECT format('%s pelanggan lolos saringan dengan jam nyala di atas batas (%s jam) atau tidak dapat dihitung (%s)', count(*),
              s.batas_jam_nyala, array_to_string((array_agg(g.idpel ORDER BY g.idpel))[1:5], ', ')) AS apa
  FROM s, g
 WHERE g.hasil = 'LOLOS'
   AND (g.daya > 0 AND g.kwh >= 0 AND g.jam_nyala IS NOT NULL AND cardinality(g.alasan) = 0
        AND g.kwh * 1000 <= 2000 * g.daya AND g.kwh * 1000 <= s.batas_jam_nyala * g.daya) IS NOT TRUE
 GROUP BY s.batas_jam_nyala
UNION ALL
SELECT format('batas jam nyala sesi %s, paling tinggi 2000', s.batas_jam_nyala) FROM s
 WHERE (s.batas_jam_nyala > 0 AND s.batas_jam_nyala <= 2000) IS NOT TRUE
UNION ALL
SELECT format('pelanggan %s ditahan (%s) tanpa jejak DITAHAN', idpel, alasan)
  FROM (SELECT alasan, idpel FROM ditahan EXCEPT SELECT alasan, idpel FROM sebut) t, disaring
UNION ALL
SELECT format('pelanggan %s disebut ditahan (%s) oleh jejak, di buku tidak', idpel, alasan)
  FROM (SELECT alasan, idpel FROM sebut EXCEPT SELECT alasan, idpel FROM ditahan) t
UNION ALL
SELECT format('dasar saringan: buku %s dan %s, jejak %s %s dan %s', coalesce(s.tgl_mulai::text, '-'),
              coalesce(s.dicuplik_pada::text, '-'), coalesce('nomor ' || c.id, '-'), coalesce(c.isi ->> 'tgl_mulai', '-'),
              coalesce(c.isi ->> 'dicuplik_pada', '-'))
  FROM s LEFT JOIN (SELECT id, isi FROM pengesahan.jejak WHERE sesi_id = :sesi_id AND jenis = 'CUPLIKAN_DIAMBIL'
                     ORDER BY id DESC LIMIT 1) c ON true
 WHERE (s.tgl_mulai::text, s.dicuplik_pada)
       IS DISTINCT FROM (c.isi ->> 'tgl_mulai', (c.isi ->> 'dicuplik_pada')::timestamptz)
